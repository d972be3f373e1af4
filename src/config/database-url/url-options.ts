import { z } from 'zod';
import { UrlFault } from './url-fault.ts';

const SSL_MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;

/** The meaning is libpq's ("Protection Provided in Different Modes" in PostgreSQL's documentation). */
export type SslMode = (typeof SSL_MODES)[number];

const oneOf = <const V extends string>(...values: V[]) =>
  z.enum(values, `must be ${values.length === 1 ? '' : 'one of '}${values.join(', ')}`);

const seconds = z
  .string()
  .regex(/^-?\d{1,9}$/, 'must be a whole number of seconds')
  .transform(Number);

const text = z.string();

const protocol = z
  .stringFormat('tls', /^TLSv1\.[23]$/i, 'must be TLSv1.2 or TLSv1.3')
  .transform((version) => version.replace(/^tls/i, 'TLS') as 'TLSv1.2' | 'TLSv1.3');

/** Options that the service honours. */
const HONOURED = {
  host: text,
  port: text,
  user: text,
  password: text,
  dbname: text,
  application_name: text,
  fallback_application_name: text,
  options: text,
  connect_timeout: seconds,
  target_session_attrs: oneOf('any', 'read-write', 'primary'),
  keepalives: oneOf('0', '1'),
  keepalives_idle: seconds,
  sslmode: oneOf(...SSL_MODES),
  ssl: oneOf('true'),
  sslrootcert: text,
  sslcert: text,
  sslkey: text,
  sslpassword: text,
  sslnegotiation: oneOf('postgres', 'direct'),
  ssl_min_protocol_version: protocol,
  channel_binding: oneOf('disable', 'prefer', 'require'),
};

/** Options that change nothing that matters here, with the values for which this is true. */
const IGNORED = {
  client_encoding: z.stringFormat('utf8', /^(utf-?8|unicode|auto)$/i, 'must be UTF8'),
  gssencmode: oneOf('disable', 'prefer'),
  keepalives_count: text,
  keepalives_interval: text,
  krbsrvname: text,
  load_balance_hosts: text,
  pgbouncer: text,
  sslcompression: text,
  sslsni: oneOf('1'),
  tcp_user_timeout: text,
  uselibpqcompat: text,
};

const Options = z.strictObject({ ...HONOURED, ...IGNORED }).partial();

export type UrlOptions = Readonly<z.output<typeof Options>>;

/**
 * Throws `UrlFault` for an option that is unknown, and for one whose value is wrong; repeats its name only.
 */
export function readOptions(given: ReadonlyMap<string, string>): UrlOptions {
  const parsed = Options.safeParse(Object.fromEntries(given));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue?.code === 'unrecognized_keys') {
    const name = issue.keys.find((key) => /^[a-z_]{1,40}$/i.test(key));
    throw new UrlFault(`must have options that the service supports${name ? `; "${name}" is none` : ''}`);
  }
  throw new UrlFault(`must have a valid ${String(issue?.path[0])}: it ${issue?.message}`);
}
