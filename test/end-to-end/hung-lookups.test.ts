import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, useServices } from '../helpers/app/service.ts';
import { useDatabase } from '../helpers/database/databases.ts';

const db = useDatabase('postgres');
const services = useServices();

test('four systems whose names are not answered have one look-up in progress, and the service goes on', async () => {
  const service = await services.start(
    {
      DATABASE_URL: db.url.replace('127.0.0.1', 'localhost'),
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector.cruddur.test:4318',
      OTEL_BSP_SCHEDULE_DELAY: '50',
      AWS_XRAY_DAEMON_ADDRESS: 'xray-daemon.cruddur.test:2000',
      CLOUDWATCH_LOG_GROUP: 'cruddur',
      AWS_REGION: 'us-east-2',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: 'http://logs.cruddur.test:4568',
      ROLLBAR_ACCESS_TOKEN: 'local',
      ROLLBAR_ENDPOINT: 'http://rollbar.cruddur.test:4568/api/1/item/',
      SHUTDOWN_DEADLINE_MS: '1500',
    },
    { preloadFirst: [join(ROOT, 'test/fixtures/hung-lookups.ts')] },
  );
  const answers = await Promise.all([
    service.ask('/rollbar/test'),
    ...Array.from({ length: 10 }, () => service.ask('/api/activities/home')),
  ]);
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  const { code, stderr, afterMs } = await service.stop();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(afterMs).toBeLessThan(4000);
  expect(service.lines().find(({ message }) => message === 'look-ups')?.begun).toHaveLength(1);
});
