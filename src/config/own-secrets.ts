import { splitUrl } from './database-url/split-url.ts';

/** Variables whose value is a secret. Some are read by libraries only. */
const SECRET_VARIABLES = [
  'HONEYCOMB_API_KEY',
  'ROLLBAR_ACCESS_TOKEN',
  'DATABASE_PASSWORD',
  'PGPASSWORD',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
] as const;

/** Variables with a URL that may hold a user and a password. */
const URL_VARIABLES = [
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
  'AWS_XRAY_OTLP_ENDPOINT',
  'AWS_ENDPOINT_URL',
  'AWS_ENDPOINT_URL_CLOUDWATCH_LOGS',
  'ROLLBAR_ENDPOINT',
  'TELEMETRY_FALLBACK_URL',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'http_proxy',
  'https_proxy',
] as const;

/** Headers of exports that hold no key. */
const HARMLESS_HEADER = /^(?:accept|content)|^(?:user-agent|x-honeycomb-dataset|x-scope-orgid)$/i;

/** Names that are public, so that text with them says nothing about a password that is the same. */
const PUBLIC = ['postgres', 'postgresql', 'password', 'cruddur', 'localhost'];

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Returns the secrets of the process itself, to be removed from what it says. `headers` are those of exports,
 * whose values may be keys. Never throws.
 */
export function ownSecrets(given: Variables, headers: Readonly<Record<string, string>>): string[] {
  const values = [
    ...SECRET_VARIABLES.map((name) => given[name]),
    ...URL_VARIABLES.flatMap((name) => userInfoOf(given[name])),
    ...databaseSecrets(given.DATABASE_URL),
    ...Object.entries(headers).flatMap(([name, value]) =>
      HARMLESS_HEADER.test(name) ? [] : [value, value.replace(/^\w+ +/, '')],
    ),
  ];
  return values.filter((value) => value !== undefined && value !== '' && !PUBLIC.includes(value)) as string[];
}

/** The password, and that of the client's key. A user of the same name makes it public. */
function databaseSecrets(url: string | undefined): (string | undefined)[] {
  try {
    const { user, password, database, options } = splitUrl(url ?? '');
    const secrets = [password, options.get('password'), options.get('sslpassword')];
    return secrets.filter((secret) => secret !== user && secret !== database);
  } catch {
    return [];
  }
}

function userInfoOf(url: string | undefined): string[] {
  try {
    const { username, password } = new URL(url ?? '');
    const parts = password === '' ? [username] : [password];
    return [...parts, ...parts.map(decodeURIComponent)];
  } catch {
    return [];
  }
}
