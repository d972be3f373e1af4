import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { createDatabase } from '../../../src/db/database.ts';
import { useApp } from '../../helpers/app/app.ts';
import { useDatabase } from '../../helpers/database/databases.ts';
import { untilWaitingForLocks } from '../../helpers/database/lock-waiters.ts';
import { withAdmin } from '../../helpers/database/with-admin.ts';
import { createTcpProxy, type TcpProxy } from '../../helpers/network/tcp-proxy.ts';

describe('Retry-After of a 503', () => {
  const db = useDatabase('postgres');
  let proxy: TcpProxy;
  const app = useApp({
    async overrides() {
      proxy = await createTcpProxy(db.url);
      return { database: createDatabase({ databaseUrl: proxy.url }) };
    },
  });
  afterEach(() => proxy.open());
  afterAll(() => proxy.close());

  const get = () => app.get('/api/activities/home');
  const post = () => app.post('/api/activities', { message: 'once', ttl: '1-day' });

  /** Sends the request, and breaks the connection while its statement waits for a lock. */
  function answerWhenLost(send: () => ReturnType<typeof get>): Promise<Awaited<ReturnType<typeof get>>> {
    return withAdmin(db.url, async (admin) => {
      await admin.query('begin; lock table activities');
      const answer = send().then((response) => response);
      await untilWaitingForLocks(admin, 1);
      await proxy.shut();
      return answer;
    });
  }

  test.each([
    ['a POST whose statement may have been stored', post, undefined],
    ['the same with an Idempotency-Key', () => post().set('Idempotency-Key', 'a'), '5'],
    ['a GET whose statement was lost', get, '5'],
  ])('%s', async (_name, send, retryAfter) => {
    const { status, headers, body } = await answerWhenLost(send);
    expect(status).toBe(503);
    expect(headers['retry-after']).toBe(retryAfter);
    expect(body.trace_id).toMatch(/^[0-9a-f]{32}$/);
    expect(/try again/.test(body.detail)).toBe(retryAfter !== undefined);
  });

  test('a POST that did not reach the database', async () => {
    await proxy.shut();
    const { headers } = await post().expect(503);
    expect(headers['retry-after']).toBe('5');
  });
});
