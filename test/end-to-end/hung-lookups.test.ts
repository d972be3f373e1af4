import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, useServices } from '../helpers/app/service.ts';
import { useDatabase } from '../helpers/database/databases.ts';
import { NAMED_SYSTEMS } from '../helpers/telemetry/named-systems.ts';

const db = useDatabase('postgres');
const services = useServices();

test('four systems whose names are not answered have one look-up in progress, and the service goes on', async () => {
  const service = await services.start(
    {
      DATABASE_URL: db.url.replace('127.0.0.1', 'localhost'),
      ...NAMED_SYSTEMS,
      OTEL_BSP_SCHEDULE_DELAY: '50',
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
