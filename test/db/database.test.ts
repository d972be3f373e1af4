import { describe, expect, it } from 'vitest';
import type { Queryable } from '../../src/db/query.ts';
import { HttpError } from '../../src/lib/errors.ts';
import { DATABASE_KINDS, useDatabase } from '../helpers/database/databases.ts';

const addUser = (handle: string) => ({
  summary: 'INSERT users',
  text: `insert into users (handle, display_name) values ($1, 'New')`,
  values: [handle],
});
const failing = { summary: 'SELECT', text: 'select 1 / 0' };
const echo = (value: unknown) => ({ summary: 'SELECT', text: 'select $1::text as value', values: [value] });

describe.each(DATABASE_KINDS)('the database, %s', (kind) => {
  const db = useDatabase(kind);

  async function hasUser(handle: string): Promise<boolean> {
    const text = 'select 1 from users where handle = $1';
    return (await db.database.query({ summary: 'SELECT users', text, values: [handle] })).length === 1;
  }

  it('commits a transaction when its work resolves, and returns the result', async () => {
    const result = await db.database.transaction(async (connection) => {
      await connection.query(addUser('committed'));
      return 'done';
    });
    expect(result).toBe('done');
    expect(await hasUser('committed')).toBe(true);
  });

  it('rolls back a transaction when its work rejects, and rejects with the same error', async () => {
    const reason = new Error('changed my mind');
    const work = async (connection: Queryable) => {
      await connection.query(addUser('undone'));
      throw reason;
    };
    await expect(db.database.transaction(work)).rejects.toBe(reason);
    expect(await hasUser('undone')).toBe(false);
  });

  it('rejects a transaction that ignored a failed statement', async () => {
    const work = async (connection: Queryable) => {
      await connection.query(addUser('lost'));
      await connection.query(failing).catch(() => {});
    };
    await expect(db.database.transaction(work)).rejects.toThrow(/rolled back/);
    expect(await hasUser('lost')).toBe(false);
  });

  it('isolates concurrent transactions', async () => {
    const handles = Array.from({ length: 20 }, (_, index) => `concurrent_${index}`);
    await Promise.all(
      handles.map((handle, index) =>
        db.database
          .transaction(async (connection) => {
            await connection.query(addUser(handle));
            if (index % 2 === 1) throw new Error('odd');
          })
          .catch(() => {}),
      ),
    );
    const stored = await Promise.all(handles.map(hasUser));
    expect(stored).toEqual(handles.map((_, index) => index % 2 === 0));
  });

  it("rejects with the driver's error when a statement fails, and keeps the connection", async () => {
    await expect(db.database.query(failing)).rejects.toMatchObject({ code: '22012' });
    expect(await db.database.query(echo('still there'))).toEqual([{ value: 'still there' }]);
  });

  it("leads from the driver's error to the statement's caller", async () => {
    async function namedCaller(): Promise<unknown> {
      return await db.database.query(failing);
    }
    await expect(namedCaller()).rejects.toMatchObject({ stack: expect.stringContaining('namedCaller') });
  });

  it.each([
    ['table', 'select * from no_such_table', '42P01'],
    ['column', 'select no_such_column from users', '42703'],
    ['function', 'select no_such_function(1)', '42883'],
    ['schema', 'create table no_such_schema.one ()', '3F000'],
  ])(
    'is unavailable to a statement whose %s does not exist, and keeps the connection',
    async (_what, text, code) => {
      const missing = db.database.query({ summary: 'SELECT', text });
      await expect(missing).rejects.toMatchObject({
        status: 503,
        message: expect.stringContaining('schema is not up to date'),
        outcomeUnknown: false,
        cause: { code },
      });
      expect(await db.database.query(echo('still there'))).toEqual([{ value: 'still there' }]);
    },
  );

  it.each([
    ['U+0000', 'a\0b'],
    ['a lone surrogate', 'a\ud800b'],
  ])('rejects %s with 400', async (_what, text) => {
    const refused = db.database.query(echo(text));
    await expect(refused).rejects.toSatisfy((error) => error instanceof HttpError && error.status === 400);
  });
});
