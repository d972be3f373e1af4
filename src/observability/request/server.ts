import type { IncomingMessage } from 'node:http';
import { splitHost } from '../../lib/host.ts';
import { addressIn, peerAddress } from '../../lib/ip-address.ts';
import { memoizeLast } from '../../lib/memoize.ts';

/** The server that a request names in `Host`. */
export interface NamedServer {
  /** A name in lower case, or an IP address without brackets. */
  readonly address: string;
  /** Undefined for the default port of the scheme. */
  readonly port: number | undefined;
  /** Both, as a URL has them. */
  readonly authority: string;
}

const MAX_NAME_LENGTH = 255;
const MAX_PORT = 65_535;

/**
 * Returns the server that `Host` names, or the local address of the connection if the header is missing or
 * malformed. A port out of range counts as none. `X-Forwarded-Host` is never read, see `host-guard.ts`.
 */
export function serverOf({ headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>): NamedServer {
  const { host } = headers;
  const server = host === undefined ? undefined : parseHost(host);
  return server ?? named(peerAddress(socket.localAddress ?? 'unknown'), socket.localPort);
}

/** Returns the port of a server, also when it is the default port of the scheme. */
export function portOf({ port }: NamedServer, scheme: 'http' | 'https'): number {
  return port ?? (scheme === 'https' ? 443 : 80);
}

const parseHost = memoizeLast((host: string): NamedServer | undefined => {
  const parts = splitHost(host);
  if (parts === undefined) return undefined;
  const { name } = parts;
  const address = name.startsWith('[') ? addressIn(name) : name.slice(0, MAX_NAME_LENGTH);
  if (address === undefined) return undefined;
  const port = Number(parts.port);
  return named(address, port >= 1 && port <= MAX_PORT ? port : undefined);
});

function named(address: string, port: number | undefined): NamedServer {
  const host = address.includes(':') ? `[${address}]` : address;
  return { address, port, authority: port === undefined ? host : `${host}:${port}` };
}
