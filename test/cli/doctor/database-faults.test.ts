import { afterAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../../helpers/database/databases.ts';
import { startFakePostgres } from '../../helpers/database/fake-postgres.ts';
import { startFaultyServer, startTcpBlackHole } from '../../helpers/network/faulty-server.ts';
import { AUTHORITY } from '../../helpers/network/forward-proxy.ts';
import { freePort } from '../../helpers/network/free-port.ts';
import { startForeignServers } from './foreign-servers.ts';
import { lineOf } from './line-of.ts';

const lineAt = (url: string) => lineOf('database', { DATABASE_URL: url, DATABASE_CONNECT_TIMEOUT_MS: '500' });

describe('the doctor reads the database', () => {
  const empty = useDatabase('postgres', { empty: true });
  const demo = useDatabase('postgres');

  it('that is ready', async () => {
    expect(await lineAt(demo.url)).toMatch(
      /^database {4}works +127\.0\.0\.1:\d+: PostgreSQL 18\S* takes writes and has every migration \(\d+ ms\)$/,
    );
  });

  it('that has no schema, lacks a migration or a table, is read-only, or has no TLS', async () => {
    expect(await lineAt(empty.url)).toMatch(
      /fails .*has no table schema_migrations .*→ .*npm run db:migrate/,
    );
    const with_ = (query: string) => `${demo.url}${demo.url.includes('?') ? '&' : '?'}${query}`;
    expect(await lineAt(with_('options=-c%20default_transaction_read_only=on'))).toMatch(
      /fails .*is read-only .*→ if it is a replica: use the address of the primary/,
    );
    expect(await lineAt(with_('sslmode=require'))).toMatch(/fails .*does not support SSL.*sslmode=disable/);
    expect(await lineAt(demo.url.replace(/[^/]+$/, 'no_such_database'))).toMatch(
      /fails .*database "no_such_database" does not exist .*create the database/,
    );
    await demo.database.query({
      summary: 'DELETE',
      text: `delete from schema_migrations where name like '003%'`,
    });
    expect(await lineAt(demo.url)).toMatch(
      /fails .*lacks the migrations 003-rate-limits\.sql .*npm run db:migrate/,
    );
    for (const text of [
      "insert into schema_migrations (name) values ('003-rate-limits.sql')",
      'create role reader',
      'grant select on all tables in schema public to reader',
      'grant insert on activities, message_groups to reader',
    ]) {
      await demo.database.query({ summary: 'SET UP', text });
    }
    expect(await lineAt(with_('options=-c%20role=reader'))).toMatch(
      /fails .*may not add to message_group_users, messages .*grant it the rights/,
    );
    await demo.database.query({ summary: 'DROP', text: 'drop table messages cascade' });
    expect(await lineAt(demo.url)).toMatch(/fails .*lacks the tables messages .*altered by hand/);
  });
});

describe('the doctor tells that the database', async () => {
  const foreign = await startForeignServers();
  afterAll(() => foreign.close());

  it.each([
    [
      '28P01',
      'password authentication failed for user "cruddur"',
      /the password is refused: .*DATABASE_PASSWORD/,
    ],
    [
      '28000',
      'no pg_hba.conf entry for host "10.0.0.1", user "c", database "c", no encryption',
      /the server wants TLS/,
    ],
    ['28000', 'role "cruddur" is not permitted to log in', /does not let this user in/],
    ['3D000', 'database "cruddur" does not exist', /create the database/],
    ['08P01', 'bouncer config error', /create the database/],
    ['08P01', 'no such database: cruddur', /create the database/],
    ['53300', 'sorry, too many clients already', /all connections are taken/],
    ['57P03', 'the database system is starting up', /starting or stopping/],
    ['42501', 'permission denied for database "cruddur"', /grant it the rights/],
  ])('answers %s %s, without TLS, whether or not it is asked for', async (refusal, message, advice) => {
    const server = await startFakePostgres({ refusal, message });
    const url = `postgres://cruddur:hush@127.0.0.1:${server.port}/cruddur`;
    const [line, preferring] = await Promise.all([lineAt(`${url}?sslmode=disable`), lineAt(url)]);
    await server.close();
    expect(preferring.replace(/\(\d+ ms\)/, '')).toBe(line.replace(/\(\d+ ms\)/, ''));
    expect(line).toMatch(/^database {4}fails /);
    expect(line).toContain(message);
    expect(line).toMatch(advice);
    expect(line).not.toContain('hush');
  });

  it('is not there, does not answer, or is another service', async () => {
    const at = (port: number) => lineAt(`postgres://u:hush@127.0.0.1:${port}/c`);
    expect(await at(await freePort())).toMatch(
      /fails .*ECONNREFUSED .*nothing listens there: start PostgreSQL/,
    );
    expect(await lineAt('postgres://u@database.invalid/c')).toMatch(
      /fails .*(ENOTFOUND .*does not resolve|EAI_AGAIN .*fix DNS)/,
    );
    const hole = await startTcpBlackHole();
    expect(await at(hole.port)).toMatch(/fails .*(timeout|within|time).* → check the address/i);
    await hole.close();
    const web = await startFaultyServer('ok');
    expect(await at(web.port)).toMatch(/fails .* → .*(another service listens there|port)/);
    await web.close();
    expect(await at(foreign.ports.closer)).toMatch(/fails .* → another service listens there/);
  });

  it('has a certificate that is not trusted, or is for another name', async () => {
    const url = `postgres://u@127.0.0.1:${foreign.ports['postgres-tls']}/c?sslmode=verify-full`;
    expect(await lineAt(url)).toMatch(
      /fails .* → its certificate is not trusted: set DATABASE_CA_CERTIFICATE/,
    );
    expect(await lineAt(`${url}&sslrootcert=${AUTHORITY}`)).toMatch(
      /fails .* → the certificate is for another name/,
    );
  });
});
