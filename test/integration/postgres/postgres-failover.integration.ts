import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { ROOT, type Service, useServices } from '../../helpers/app/service.ts';
import { withAdmin } from '../../helpers/database/with-admin.ts';
import { useNodeProcesses } from '../../helpers/process/node-process.ts';
import { until } from '../../helpers/until.ts';
import { type Server, startServer, useServer } from '../support/debian-cluster.ts';
import { describeRealService } from '../support/describe-real-service.ts';
import { countStatuses, isUnharmed, steadyRequests } from '../support/steady-requests.ts';

/** Time in which the service returns after a server accepts writes again. */
const RECOVERY_MS = 3000;

const request = (number: number) =>
  number % 10 === 0
    ? { path: '/api/activities', body: { message: `post ${number}`, ttl: '1-day' } }
    : { path: number % 2 === 0 ? '/api/activities/home' : '/api/activities/notifications' };

describeRealService('postgres', 'The service while PostgreSQL of Debian fails over', ({ path }) => {
  describe.each(['fast', 'immediate'] as const)('from a primary that stops (%s)', (mode) => {
    const primary = useServer(() => startServer(path));
    const replica = useServer(() => startServer(path, { makeData: (server) => copyOf(primary, server) }));
    const services = useServices();
    const startNode = useNodeProcesses();
    let service: Service;

    beforeAll(async () => {
      // The replica comes first in the list.
      const hosts = [replica, primary].map(({ port }) => `127.0.0.1:${port}`);
      const DATABASE_URL = `postgres://postgres@${hosts.join(',')}/postgres`;
      const seed = startNode([join(ROOT, 'src/cli/db-seed.ts')], {
        cwd: tmpdir(),
        environment: { DATABASE_URL },
      });
      expect(await seed.ended).toMatchObject({ code: 0, stderr: '' });
      service = await services.start({ DATABASE_URL, RATE_LIMIT_READS: 'off', RATE_LIMIT_WRITES: 'off' });
    });

    it('uses the primary, although the replica comes first', async () => {
      await until(async () => (await service.ask('/readyz')).status === 200);
      expect(await service.ask('/api/activities', request(0))).toMatchObject({ status: 200 });
    });

    it('answers with 200 or 503, keeps what it acknowledged, and returns by itself', async () => {
      let promotedAt = 0;
      const answered = await steadyRequests(service.url, request, async () => {
        await sleep(1500);
        await primary.stop(mode);
        await sleep(1000);
        await replica.run('pg_ctl', 'promote', '--pgdata=data', '--wait');
        promotedAt = performance.now();
        await sleep(RECOVERY_MS + 1000);
      });
      expect(answered.filter((each) => !isUnharmed(each))).toEqual([]);
      expect(countStatuses(answered)[503]).toBeGreaterThan(0);
      const late = answered.filter(({ at }) => at > promotedAt + RECOVERY_MS);
      expect(countStatuses(late)).toEqual({ 200: late.length });
      expect(late.some(({ body }) => body !== undefined)).toBe(true);
      expect((await service.ask('/readyz')).status).toBe(200);
      if (mode === 'fast') {
        const posted = answered.filter(
          ({ body, answer }) => body !== undefined && typeof answer !== 'string' && answer.status === 200,
        );
        const kept = await withAdmin(replica.url, async (admin) => {
          const { rows } = await admin.query(`select message from activities`);
          return new Set(rows.map(({ message }) => message));
        });
        const lost = posted.filter(({ body }) => !kept.has((body as { message: string }).message));
        expect(lost).toEqual([]);
      }
      process.stdout.write(`failover (${mode}): ${JSON.stringify(countStatuses(answered))}\n`);
    });
  });
});

/** Makes the data of a streaming replica. */
function copyOf(primary: Server, { run }: Server): Promise<unknown> {
  const copy = ['--pgdata=data', '--write-recovery-conf', '--checkpoint=fast'];
  return run('pg_basebackup', `--dbname=${primary.url}`, ...copy);
}
