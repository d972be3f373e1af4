import { isIP } from 'node:net';
import { percentDecode } from './split-url.ts';
import { UrlFault } from './url-fault.ts';

export interface DatabaseHost {
  /** A name, an address, or the folder of a Unix socket, which begins with `/`. */
  readonly host: string;
  readonly port: number;
}

interface HostTexts {
  /** Of the authority: `host:port,host:port`, percent-encoded. */
  readonly hosts: string;
  /** The options `host` and `port`, which replace those of the authority. */
  readonly hostOption: string | undefined;
  readonly portOption: string | undefined;
}

const DEFAULT_HOST = 'localhost';
const DEFAULT_PORT = '5432';

/** Returns the servers in the order in which they are tried. Throws `UrlFault`. */
export function readHosts({ hosts, hostOption, portOption }: HostTexts): DatabaseHost[] {
  const given = hosts === '' ? [] : hosts.split(',').map(splitPort);
  const names = hostOption ? hostOption.split(',') : given.map(({ host }) => host);
  if (names.length === 0) names.push(DEFAULT_HOST);
  const ports = portOption ? portOption.split(',') : hostOption ? [] : given.map(({ port }) => port);
  if (ports.length > 1 && ports.length !== names.length) {
    throw new UrlFault('must have one port, or as many ports as hosts');
  }
  return names.map((name, index) => ({
    host: checkHost(name),
    port: toPort((ports.length === 1 ? ports[0] : ports[index]) || DEFAULT_PORT),
  }));
}

/** Splits `host:port` or `[address]:port`. A host without a port has an empty one. */
function splitPort(text: string): { host: string; port: string } {
  const [, host, port = ''] = /^(\[[^\]]*\]|[^:[]*)(?::([^:]*))?$/s.exec(text) ?? [];
  if (host === undefined) throw new UrlFault('must have hosts such as host:5432, 10.0.0.1 or [::1]:5432');
  if (!host.startsWith('[')) return { host: percentDecode(host), port };
  const address = percentDecode(host.slice(1, -1));
  if (isIP(address) !== 6) throw new UrlFault('must have an IPv6 address between brackets');
  return { host: address, port };
}

function checkHost(host: string): string {
  if (host === '') throw new UrlFault('must have no empty host between its commas');
  if (host.startsWith('/') || isIP(host) === 6 || /^[^\s,;:[\]@?#\\/]+$/.test(host)) return host;
  throw new UrlFault('must have host names, addresses or folders of Unix sockets, separated by commas');
}

function toPort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new UrlFault(
    'must have a port from 1 to 65535; a password with : / @ or % is percent-encoded, or in DATABASE_PASSWORD',
  );
}
