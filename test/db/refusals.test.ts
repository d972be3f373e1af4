import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase } from '../../src/db/database.ts';
import { useApp } from '../helpers/app/app.ts';
import { type FakePostgres, startFakePostgres } from '../helpers/database/fake-postgres.ts';

/** What PostgreSQL 18 and PgBouncer 1.18 answer to a startup packet. */
const REFUSALS = [
  ['57P03', 'the database system is starting up'],
  ['57P01', 'terminating connection due to administrator command'],
  ['53300', 'sorry, too many clients already'],
  ['55000', 'database "cruddur" is not currently accepting connections'],
  ['28000', 'role "cruddur" is not permitted to log in'],
  ['28P01', 'password authentication failed for user "cruddur"'],
  ['3D000', 'database "cruddur" does not exist'],
  ['08P01', 'unsupported startup parameter: options'],
  ['42501', 'permission denied for database "cruddur"'],
  ['42704', 'unrecognized configuration parameter "x"'],
  ['22023', 'invalid value for parameter "x"'],
  ['0A000', 'unsupported frontend protocol'],
  ['XX000', 'could not open file'],
] as const;

describe('a connection that is refused', () => {
  let server: FakePostgres;
  beforeAll(async () => {
    server = await startFakePostgres({ standby: true });
  });
  afterAll(() => server.close());
  const app = useApp({
    kind: 'embedded',
    overrides: () => ({
      database: createDatabase({ databaseUrl: `postgres://cruddur@127.0.0.1:${server.port}/cruddur` }),
    }),
  });

  it.each(REFUSALS)(
    'with %s is a 503 whose reason is in the log, and nowhere else',
    async (refusal, message) => {
      server.become({ refusal, message });
      const response = await app.get('/api/activities/home');
      expect(response.status).toBe(503);
      expect(response.body).toMatchObject({ trace_id: expect.any(String) });
      expect(response.text).not.toContain(message);
      const [line] = app.lines.filter(({ fields }) => 'error_name' in fields);
      expect(line?.fields).toMatchObject({
        error_name: 'Unavailable',
        error_cause: expect.stringContaining(message),
      });
    },
  );

  it('had no time limit among its startup parameters, which PgBouncer rejects', () => {
    expect(server.startups.at(-1)?.toSorted()).toEqual([
      'application_name=cruddur-backend',
      'client_encoding=UTF8',
      'database=cruddur',
      'user=cruddur',
    ]);
  });
});
