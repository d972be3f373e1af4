import { describe, expect, test } from 'vitest';
import { useApp } from '../../helpers/app/app.ts';
import { DATABASE_KINDS } from '../../helpers/database/databases.ts';
import { untilWaitingForLocks } from '../../helpers/database/lock-waiters.ts';
import { withAdmin } from '../../helpers/database/with-admin.ts';

interface Post {
  readonly path: string;
  readonly body: object;
  readonly table: string;
}

const ACTIVITY: Post = {
  path: '/api/activities',
  body: { message: 'an activity', ttl: '1-day' },
  table: 'activities',
};
const REPLY: Post = {
  path: '/api/activities/68f126b0-1ceb-4a33-88be-d90fa7109eee/reply',
  body: { message: 'a reply' },
  table: 'activities',
};
const MESSAGE: Post = {
  path: '/api/messages',
  body: { message: 'a message', user_receiver_handle: 'worf' },
  table: 'messages',
};

describe.each(DATABASE_KINDS)('an Idempotency-Key on %s', (kind) => {
  const app = useApp({ kind });
  let keys = 0;

  function newKey(): string {
    keys += 1;
    return `key-${keys}`;
  }

  function post(key: string, { path, body }: Post = ACTIVITY) {
    return app.post(path, body).set('Idempotency-Key', key);
  }

  async function count(table: string): Promise<number> {
    const [row] = await app.database.query<{ count: string }>({
      summary: `SELECT ${table}`,
      text: `select count(*) from ${table}`,
    });
    return Number(row?.count);
  }

  test.each([ACTIVITY, REPLY, MESSAGE])(
    'gives $path the same answer again, and stores one row',
    async (request) => {
      const key = newKey();
      const before = await count(request.table);
      const first = await post(key, request).expect(200);
      const second = await post(key, request).expect(200);
      expect(second.text).toBe(first.text);
      expect(await count(request.table)).toBe(before + 1);
    },
  );

  test('is refused with another body or on another route', async () => {
    const key = newKey();
    await post(key).expect(200);
    const before = await count('activities');
    const others = [
      { ...ACTIVITY, body: { message: 'an activity', ttl: '3-days' } },
      { ...REPLY, body: { message: 'an activity' } },
    ];
    for (const other of others) {
      const { body, type } = await post(key, other).expect(422);
      expect(type).toBe('application/problem+json');
      expect(body.detail).toBe('This Idempotency-Key was used with another request.');
    }
    expect(await count('activities')).toBe(before);
    expect(app.reports).toEqual([]);
  });

  test('may be used again after a request that failed', async () => {
    const key = newKey();
    await post(key, { ...MESSAGE, body: { message: 'hi', user_receiver_handle: 'nobody' } }).expect(404);
    await post(key, { ...MESSAGE, body: { message: '', user_receiver_handle: 'worf' } }).expect(422);
    await post(key, MESSAGE).expect(200);
  });

  test('is forgotten after 24 hours', async () => {
    const key = newKey();
    const first = await post(key).expect(200);
    const [row] = await app.database.query<{ hours: number }>({
      summary: 'UPDATE idempotency_keys',
      text: `with old as (select * from idempotency_keys where key = $1)
        update idempotency_keys k set expires_at = now() from old where k.key = old.key
        returning extract(epoch from old.expires_at - now())::float8 / 3600 as hours`,
      values: [key],
    });
    expect(row?.hours).toBeCloseTo(24, 1);
    const second = await post(key, { ...ACTIVITY, body: { message: 'another', ttl: '1-day' } }).expect(200);
    expect(second.body.uuid).not.toBe(first.body.uuid);
  });

  test('has at most 255 printable characters', async () => {
    for (const key of ['', 'x'.repeat(256), 'clé', 'a\tb']) {
      const { body } = await post(key).expect(400);
      expect(body.detail).toBe('Idempotency-Key must have 1 to 255 printable ASCII characters.');
    }
    await post(`"${'x'.repeat(253)}"`).expect(200);
  });

  test('stores one row, however many requests with it arrive at once', async () => {
    const key = newKey();
    const before = await count('activities');
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(key)));
    const stored = answers.filter(({ status }) => status === 200);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(answers.length - stored.length);
    expect(new Set(stored.map(({ text }) => text)).size).toBe(1);
    expect(await count('activities')).toBe(before + 1);
  });
});

describe('an Idempotency-Key whose request', () => {
  const app = useApp({ kind: 'postgres' });

  test('is in flight is refused, and its connection may break without a second row', async () => {
    const post = () => app.post(ACTIVITY.path, ACTIVITY.body).set('Idempotency-Key', 'in-flight');
    const [{ url = '' } = {}] = await app.database.query<{ url: string }>({
      summary: 'SELECT url',
      text: `select 'postgres://postgres:postgres@127.0.0.1:' || current_setting('port') || '/' || current_database() as url`,
    });
    await withAdmin(url, async (admin) => {
      await admin.query('begin; lock table activities in share mode');
      const first = post().then((answer) => answer);
      await untilWaitingForLocks(admin, 1);
      const { body, headers } = await post().expect(409);
      expect(body.detail).toBe('A request with this Idempotency-Key is still in progress.');
      expect(headers['retry-after']).toBe('1');
      await admin.query(`
        select pg_terminate_backend(pid) from pg_stat_activity
        where wait_event_type = 'Lock' and datname = current_database()`);
      expect((await first).status).toBe(503);
      // The lock of the key is held until the process has ended.
      await untilWaitingForLocks(admin, 0);
      await admin.query('rollback');
    });
    const second = await post().expect(200);
    const third = await post().expect(200);
    expect(third.text).toBe(second.text);
  });
});
