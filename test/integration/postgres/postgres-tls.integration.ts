import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readConfig } from '../../../src/config/config.ts';
import { createDatabase } from '../../../src/db/database.ts';
import { useServices } from '../../helpers/app/service.ts';
import { withAdmin } from '../../helpers/database/with-admin.ts';
import { until } from '../../helpers/until.ts';
import { useServer } from '../support/debian-cluster.ts';
import { describeRealService } from '../support/describe-real-service.ts';
import { BY_ROLE, casesByHost, casesByVariable } from '../support/tls/tls-cases.ts';
import { startTlsServer } from '../support/tls/tls-server.ts';

describeRealService('postgres', 'TLS and Unix sockets on PostgreSQL of Debian', ({ path }) => {
  const folder = mkdtempSync(join(tmpdir(), 'cruddur-authority-'));
  const files = {
    ca: join(folder, 'ca.crt'),
    other: join(folder, 'other.crt'),
    client: join(folder, 'client'),
  };
  const services = useServices();
  const PASSWORD = `%41+@:/?#&= '"\\é\u{1f511}`;

  const server = useServer(() => startTlsServer(path, folder, PASSWORD));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Resolves with `TLS` or `plain`, else with the reason. */
  async function connect(
    query: string,
    { user = 'postgres', host = 'localhost', more = {} } = {},
  ): Promise<string> {
    const DATABASE_URL = `postgres://${user}@${host}:${server.port}/postgres?${query}`;
    const { database: databaseUrl } = readConfig({ DATABASE_URL, ...more });
    const database = createDatabase({ databaseUrl });
    const text = 'select ssl from pg_stat_ssl where pid = pg_backend_pid()';
    try {
      const [row] = await database.query<{ ssl: boolean }>({ summary: 'SELECT', text });
      return row?.ssl ? 'TLS' : 'plain';
    } catch (error) {
      const { cause } = error as Error;
      return String((cause as Error).message);
    } finally {
      await database.close();
    }
  }

  it.each(BY_ROLE)('with "%s" as %s: %s', async (query, user, expected) => {
    expect(await connect(query, { user })).toMatch(expected);
  });

  it.each(casesByHost(files))('with "%s" at %s: %s', async (query, host, expected) => {
    expect(await connect(query, { host })).toMatch(expected);
  });

  it.each(casesByVariable(files))(
    'with "%s" and DATABASE_CA_CERTIFICATE=%s at %s: %s',
    async (query, DATABASE_CA_CERTIFICATE, host, expected) => {
      expect(await connect(query, { host, more: { DATABASE_CA_CERTIFICATE } })).toMatch(expected);
    },
  );

  it('takes a bundle, of which one authority signed the certificate', async () => {
    const bundle = join(folder, 'bundle.pem');
    await writeFile(bundle, `${await readFile(files.other, 'utf8')}\n${await readFile(files.ca, 'utf8')}`);
    expect(await connect(`sslmode=verify-full&sslrootcert=${bundle}`)).toBe('TLS');
  });

  it('presents a client certificate', async () => {
    const certificate = `sslcert=${files.client}.crt&sslkey=${files.client}.key`;
    expect(await connect(`sslmode=require&${certificate}`, { user: 'with_certificate' })).toBe('TLS');
    expect(await connect('sslmode=require', { user: 'with_certificate' })).toMatch(/client certificate/);
  });

  it('takes a password with any byte, and channel binding', async () => {
    const user = 'with_password';
    const more = { DATABASE_PASSWORD: PASSWORD };
    expect(await connect('sslmode=disable', { user, more })).toBe('plain');
    expect(await connect('channel_binding=require&sslmode=require', { user, more })).toBe('TLS');
    expect(await connect('channel_binding=require&sslmode=disable', { user, more })).toMatch(
      /channel binding/,
    );
    expect(await connect('channel_binding=require&sslmode=require')).toMatch(/channel binding/);
    expect(await connect('sslmode=disable', { user: `${user}:${encodeURIComponent(PASSWORD)}` })).toBe(
      'plain',
    );
    expect(await connect('', { user: `${user}:wrong` })).toMatch(/password authentication failed/);
  });

  it.each(['option', 'host'])('connects to a Unix socket that is given as %s', async (how) => {
    const { folder: socket, port } = server;
    const databaseUrl =
      how === 'option'
        ? `postgres://postgres@/postgres?host=${socket}&port=${port}`
        : `postgres://postgres@${encodeURIComponent(socket)}:${port}/postgres?sslmode=require`;
    const database = createDatabase({ databaseUrl });
    const text = 'select inet_server_addr() as address';
    expect(await database.query({ summary: 'SELECT', text })).toEqual([{ address: null }]);
    await database.close();
  });

  it('cancels a statement over TLS', async () => {
    const databaseUrl = `postgres://encrypted@localhost:${server.port}/postgres?sslmode=require`;
    const database = createDatabase({ databaseUrl, statementTimeoutMs: 100, poolSize: 1 });
    await database.query({ summary: 'SET', text: 'set statement_timeout = 0' });
    const nap = database.query({ summary: 'SELECT', text: 'select pg_sleep(60)' });
    await expect(nap).rejects.toMatchObject({ status: 503 });
    const active = `select from pg_stat_activity where state = 'active' and query like '%pg_sleep(60)'`;
    await until(() => withAdmin(server.url, async (admin) => (await admin.query(active)).rowCount === 0));
    await database.close();
  });

  it('serves the API, and is seen as ready', async () => {
    const service = await services.start({
      DATABASE_URL: `postgres://postgres@localhost:${server.port}/postgres`,
      DATABASE_CA_CERTIFICATE: files.ca,
    });
    await until(async () => (await service.ask('/readyz')).status === 200);
    expect((await service.ask('/api/activities/home')).status).toBe(200);
  });
});
