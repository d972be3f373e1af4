import type { QueryResultRow } from 'pg';
import type { Config } from '../../../config/config.ts';
import { createDatabase } from '../../../db/database.ts';
import { migrationNames } from '../../../db/migrations.ts';
import { type Hints, type Interpretation, interpret } from '../interpret.ts';

type DatabaseConfig = NonNullable<Config['database']>;

/** Those to which requests add rows, and that of people. */
const WRITTEN = ['activities', 'message_groups', 'message_group_users', 'messages'];
const TABLES = ['users', ...WRITTEN];

const STATE = `
  select current_setting('server_version') as version,
    current_setting('transaction_read_only') as read_only,
    to_regclass('schema_migrations') is not null as has_migrations,
    array(select name from unnest($1::text[]) as name where to_regclass(name) is null) as missing_tables,
    array(
      select name from unnest($2::text[]) as name
      where not has_table_privilege(to_regclass(name), 'insert')
    ) as read_only_tables`;

interface State extends QueryResultRow {
  readonly version: string;
  readonly read_only: string;
  readonly has_migrations: boolean;
  readonly missing_tables: readonly string[];
  readonly read_only_tables: readonly string[];
}

const TRUST_ITS_CA = 'set DATABASE_CA_CERTIFICATE to the PEM file of the authority that signed it';

const HINTS: Hints = [
  [
    /password authentication failed|28P01|client password must be|No password/i,
    'the password is refused: correct DATABASE_URL, or set DATABASE_PASSWORD, which needs no ' +
      'percent-encoding',
  ],
  [/no encryption|SSL off/, 'the server wants TLS: remove sslmode=disable, or set sslmode=require'],
  [
    /no pg_hba\.conf entry|28000|role ".*" (does not exist|is not permitted)/,
    'the server does not let this user in from this address: correct the user, or its pg_hba.conf',
  ],
  [
    /database ".*" does not exist|no such database|bouncer config error/,
    'create the database, or correct its name at the end of DATABASE_URL',
  ],
  [/does not support SSL/, 'the server has no TLS: turn it on there, or set sslmode=disable in DATABASE_URL'],
  [
    /altname|does not match certificate/i,
    'the certificate is for another name: use that name in DATABASE_URL, or set sslmode=verify-ca',
  ],
  [/certificate|CERT|self-signed/i, `its certificate is not trusted: ${TRUST_ITS_CA}`],
  [
    /wrong version number|packet length|EPROTO|ERR_SSL/,
    'TLS fails: correct the port, or sslmode in DATABASE_URL',
  ],
  [
    /is read-only/,
    'if it is a replica: use the address of the primary, or name all hosts in DATABASE_URL; ' +
      'else turn default_transaction_read_only off',
  ],
  [
    /too many (connections|clients)|53300|remaining connection slots/,
    'all connections are taken: raise max_connections, or lower DATABASE_POOL_SIZE',
  ],
  [/starting up|shutting down|57P0/, 'the server is starting or stopping: try again in a moment'],
  [
    /permission denied|may not add/,
    'the user may not read, or not write, the tables: grant it the rights, or use the owner',
  ],
  [/but lacks the tables/, 'it was altered by hand: restore it, or start with a new database'],
  [/schema_migrations|the table|migration/, 'create or update the schema: npm run db:migrate'],
  [
    /no answer|timeout|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH/,
    'check the address, and whether a firewall blocks it',
  ],
  [/ECONNREFUSED|ENOENT/, 'nothing listens there: start PostgreSQL, or correct DATABASE_URL'],
  [
    /terminated unexpectedly|ECONNRESET|establishing an SSL connection|Received invalid|unknown message|Unexpected/i,
    'another service listens there, or a firewall cuts the connection: correct DATABASE_URL',
  ],
];

/**
 * Connects as the service does, on one connection, and reads whether the database can be written and is
 * migrated.
 */
export async function checkDatabase(
  address: DatabaseConfig,
  limits: Config['databaseLimits'],
): Promise<Interpretation> {
  const database = createDatabase({ databaseUrl: address, ...limits });
  try {
    return await judge(database);
  } catch (error) {
    // The reason for a 503 is its cause.
    const { cause = error } = error as Error;
    return interpret({ accepted: false, reason: cause }, '', HINTS);
  } finally {
    await database.close();
  }
}

async function judge(database: ReturnType<typeof createDatabase>): Promise<Interpretation> {
  const timeout = { timeoutMs: database.limits.connectTimeoutMs };
  const connection = await database.openApart();
  try {
    const { rows } = await connection.run<State>({ text: STATE, values: [TABLES, WRITTEN] }, timeout);
    const [state] = rows as [State, ...State[]];
    const { version, read_only, has_migrations, missing_tables: tables, read_only_tables: locked } = state;
    const applied = has_migrations
      ? (await connection.run<{ name: string }>({ text: 'select name from schema_migrations' }, timeout)).rows
      : [];
    const known = new Set(applied.map(({ name }) => name));
    const missing = (await migrationNames()).filter((name) => !known.has(name));
    const server = `PostgreSQL ${version}`;
    const fail = (reason: string) => interpret({ accepted: false, reason: `${server} ${reason}` }, '', HINTS);
    if (read_only !== 'off') return fail('is read-only');
    if (!has_migrations) return fail('has no table schema_migrations');
    if (missing.length > 0) return fail(`lacks the migrations ${missing.join(', ')}`);
    if (tables.length > 0) return fail(`has every migration, but lacks the tables ${tables.join(', ')}`);
    if (locked.length > 0) return fail(`works, but this user may not add to ${locked.join(', ')}`);
    return { works: true, answer: `${server} takes writes and has every migration` };
  } finally {
    await connection.end();
  }
}
