import { userInfo } from 'node:os';
import { type DatabaseHost, readHosts } from './database-hosts.ts';
import { type DatabaseTls, readTls } from './database-tls.ts';
import { splitUrl } from './split-url.ts';
import { UrlFault } from './url-fault.ts';
import { readOptions } from './url-options.ts';

/** Where the database is and how to connect to it. */
export interface DatabaseAddress {
  /** Tried in this order; at least one. */
  readonly hosts: readonly DatabaseHost[];
  readonly user: string;
  /** A function, so that no dump of the configuration shows the password. */
  readonly password: () => string;
  readonly database: string;
  readonly tls: DatabaseTls;
  readonly applicationName: string;
  /** Command-line options for the server, such as `-c search_path=cruddur`. */
  readonly options: string | undefined;
  /** The limit of one attempt to connect, in milliseconds; undefined is none besides the service's own. */
  readonly connectTimeoutMs: number | undefined;
  /** Whether servers that are read-only are passed over. */
  readonly needsWritable: boolean;
  /** Time without traffic after which TCP asks whether the server is there; undefined is never. */
  readonly keepAliveIdleMs: number | undefined;
  readonly channelBinding: 'disable' | 'prefer' | 'require';
}

interface Replacements {
  readonly password?: string | undefined;
  readonly ca?: Buffer | undefined;
}

/** Reads a connection URL as libpq does, and the files that it names. Throws `UrlFault`. */
export function readDatabaseUrl(url: string, replaced: Replacements = {}): DatabaseAddress {
  const parts = splitUrl(url);
  const options = readOptions(parts.options);
  const hosts = readHosts({ hosts: parts.hosts, hostOption: options.host, portOption: options.port });
  const user = options.user || parts.user || systemUser();
  const password = replaced.password ?? (options.password || parts.password);
  const { connect_timeout: timeout = 0, target_session_attrs: target = 'any' } = options;
  return {
    hosts,
    user,
    password: () => password,
    database: options.dbname || parts.database || user,
    tls: readTls(options, replaced.ca),
    applicationName: options.application_name || options.fallback_application_name || 'cruddur-backend',
    options: options.options || undefined,
    connectTimeoutMs: timeout > 0 ? timeout * 1000 : undefined,
    needsWritable: hosts.length > 1 || target !== 'any',
    keepAliveIdleMs: options.keepalives === '0' ? undefined : (options.keepalives_idle || 10) * 1000,
    channelBinding: options.channel_binding ?? 'disable',
  };
}

/** libpq's default. A container may run as a user id without a name. */
function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    throw new UrlFault('must name a user');
  }
}
