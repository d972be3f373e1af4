import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, useServices } from '../helpers/app/service.ts';
import { useDatabase } from '../helpers/database/databases.ts';
import { traceIdOf } from '../helpers/network/http-client.ts';
import { startReceivers } from '../helpers/telemetry/receivers.ts';
import { rulesArrived } from '../helpers/telemetry/sampling-rules.ts';

const FIXTURE = join(ROOT, 'test/fixtures/crash-on-signal.ts');

const db = useDatabase('postgres');
const services = useServices();

describe.concurrent('an uncaught error', () => {
  it.each([
    ['an exception', 'SIGUSR2', 'uncaught exception: not caught', 'not caught'],
    ['a rejection', 'SIGWINCH', 'unhandled rejection: not handled', 'not handled'],
  ] as const)(
    '%s is logged and reported, and the process drains and exits with code 1',
    async (_what, signal, line, message) => {
      const receivers = await startReceivers();
      try {
        const service = await services.start(
          { ...receivers.environment, DATABASE_URL: db.url },
          { preload: [FIXTURE] },
        );
        await rulesArrived(service, receivers);
        const answers = await Promise.all(
          Array.from({ length: 10 }, () => service.ask('/api/activities/home')),
        );
        const { code, stderr, afterMs } = await service.stop(signal);
        expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
        expect(afterMs).toBeLessThan(8000);

        const errors = receivers.logEvents().filter(({ fields }) => fields.level === 'error');
        expect(errors.map(({ fields }) => fields.message)).toEqual([line]);
        expect(errors[0]?.fields.error).toMatchObject({ message, stack: expect.stringContaining(FIXTURE) });
        expect(receivers.reports()).toMatchObject([{ level: 'error', body: {} }]);
        expect(JSON.stringify(receivers.reports()[0]?.body)).toContain(message);
        const ids = answers.map(traceIdOf).sort();
        const requests = receivers.spans().filter(({ kind }) => kind === 'server');
        expect(requests.map(({ traceId }) => traceId).sort()).toEqual(ids);
        expect(receivers.segments()).toHaveLength(ids.length);
      } finally {
        await receivers.close();
      }
    },
  );
});
