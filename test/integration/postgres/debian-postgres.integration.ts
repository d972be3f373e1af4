import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { ROOT, type Service, useServices } from '../../helpers/app/service.ts';
import { withAdmin } from '../../helpers/database/with-admin.ts';
import { useNodeProcesses } from '../../helpers/process/node-process.ts';
import { until } from '../../helpers/until.ts';
import { startServer, useServer } from '../support/debian-cluster.ts';
import { describeRealService } from '../support/describe-real-service.ts';

interface Activity {
  readonly uuid: string;
  readonly message: string;
  readonly replies: readonly Activity[];
}

describeRealService('postgres', 'The service on PostgreSQL of Debian', ({ path }) => {
  const cluster = useServer(() => startServer(path));
  const services = useServices();
  const startNode = useNodeProcesses();
  let service: Service;

  const run = (command: string, databaseUrl: string) =>
    startNode([join(ROOT, `src/cli/${command}.ts`)], {
      cwd: tmpdir(),
      environment: { DATABASE_URL: databaseUrl },
    }).ended;
  const post = (message: string) => service.ask('/api/activities', { body: { message, ttl: '1-day' } });
  const get = async (path: string) => JSON.parse((await service.ask(path)).body);
  const messagesAt = async (path: string): Promise<string[]> =>
    (await get(path)).map(({ message }: Activity) => message);

  beforeAll(async () => {
    service = await services.start({ DATABASE_URL: cluster.url });
    expect(await run('db-seed', cluster.url)).toMatchObject({ code: 0, stderr: '' });
  });

  it('is migrated once by four processes at the same time', async () => {
    await withAdmin(cluster.url, (admin) => admin.query('create database another'));
    const url = cluster.url.replace(/postgres$/, 'another');
    const ended = await Promise.all([1, 2, 3, 4].map(() => run('db-migrate', url)));
    for (const { code, stderr } of ended) expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const applied = ended.map(({ stdout }) => stdout).filter((stdout) => stdout.startsWith('Applied'));
    expect(applied).toHaveLength(1);
  });

  it('serves the feed, a post and its reply, search, mentions and messages', async () => {
    expect(await get('/api/activities/home?limit=100')).not.toEqual([]);
    const text = 'Größe and Warp-Kern: aligned @bayko';
    const posted = await post(text);
    expect(posted.status).toBe(200);
    const { uuid } = JSON.parse(posted.body);
    const body = { message: 'aye' };
    expect(await service.ask(`/api/activities/${uuid}/reply`, { body })).toMatchObject({ status: 200 });
    const shown: Activity = await get(`/api/activities/${uuid}`);
    expect(shown.replies.map(({ message }) => message)).toEqual(['aye']);
    expect(await messagesAt(`/api/activities/search?term=${encodeURIComponent('größe')}`)).toContain(text);
    expect(await messagesAt('/api/activities/@andrewbrown')).toContain(text);
    const message = { message: 'to the bridge', user_receiver_handle: 'bayko' };
    expect(await service.ask('/api/messages', { body: message })).toMatchObject({ status: 200 });
    expect((await messagesAt('/api/messages/@bayko')).at(-1)).toBe('to the bridge');
    expect((await messagesAt('/api/message_groups')).at(0)).toBe('to the bridge');

    const bayko = await services.start({ DATABASE_URL: cluster.url, DEMO_USER_HANDLE: 'bayko' });
    expect((await bayko.ask('/api/activities/notifications')).body).toContain(text);
    expect((await bayko.ask('/api/messages/@andrewbrown')).body).toContain('to the bridge');
  });

  it.each(['fast', 'immediate'] as const)(
    'keeps all data answered with 200 through a restart (%s) under load, and reconnects',
    async (mode) => {
      const answers: { status: number; message: string }[] = [];
      let restarted = false;
      const load = async (client: number) => {
        for (let number = 0; !restarted || number % 10 !== 0; number++) {
          const message = `${mode} ${client} ${number}`;
          answers.push({ status: (await post(message)).status, message });
        }
      };
      const loads = [1, 2, 3, 4].map(load);
      await until(() => answers.length > 20, 60_000);
      await cluster.restart(mode);
      restarted = true;
      await Promise.all(loads);
      await until(async () => (await service.ask('/readyz')).status === 200, 60_000);
      for (const status of new Set(answers.map((answer) => answer.status)))
        expect([200, 503]).toContain(status);
      const kept = await withAdmin(cluster.url, async (admin) => {
        const { rows } = await admin.query('select message from activities');
        return new Set(rows.map(({ message }) => message));
      });
      const lost = answers.filter(({ status, message }) => status === 200 && !kept.has(message));
      expect(lost).toEqual([]);
      expect((await post(`after ${mode}`)).status).toBe(200);
    },
  );
});
