import { describe, expect, it } from 'vitest';
import { useServices } from '../helpers/app/service.ts';
import { useDatabase } from '../helpers/database/databases.ts';
import { withAdmin } from '../helpers/database/with-admin.ts';
import { until } from '../helpers/until.ts';

describe('the limits of the environment', () => {
  const db = useDatabase('postgres');
  const services = useServices();

  const sessions = () =>
    withAdmin(db.url, async (admin) => {
      const text = `select wait_event_type from pg_stat_activity where application_name = 'limited'`;
      return (await admin.query<{ wait_event_type: string }>(text)).rows;
    });

  it('hold for the number of connections, the wait for one, and statements', async () => {
    const url = new URL(db.url);
    url.searchParams.set('application_name', 'limited');
    const service = await services.start({
      DATABASE_URL: url.href,
      DATABASE_POOL_SIZE: '2',
      DATABASE_CONNECT_TIMEOUT_MS: '300',
      DATABASE_STATEMENT_TIMEOUT_MS: '1000',
      DATABASE_IDLE_TIMEOUT_MS: '1000',
    });
    await until(async () => (await service.ask('/readyz')).status === 200);
    await withAdmin(db.url, async (admin) => {
      await admin.query('begin; lock table activities in access exclusive mode');
      const answers = Promise.all([1, 2, 3, 4, 5].map(() => service.ask('/api/activities/home')));
      // Two of the pool, and that of /readyz.
      await until(async () => {
        const waiting = (await sessions()).filter((row) => row.wait_event_type === 'Lock');
        return waiting.length === 2;
      });
      expect(await sessions()).toHaveLength(3);
      const started = performance.now();
      expect((await service.ask('/readyz')).status).toBe(200);
      expect(performance.now() - started).toBeLessThan(500);
      const ended = await answers;
      expect(ended.map(({ status }) => status)).toEqual([503, 503, 503, 503, 503]);
      const slow = ended.filter(({ durationMs }) => durationMs > 900);
      expect(slow).toHaveLength(2);
      await admin.query('rollback');
    });
    expect((await service.ask('/api/activities/home')).status).toBe(200);
    await until(async () => (await sessions()).length === 1);
  });
});
