import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';

const HOST = /^(\[[^\]]+\]|[^:]+)(?::\d*)?$/;

/** Says why a request is refused by its `Host` and `Origin`; undefined when it is not. */
export type HostGuard = (headers: IncomingHttpHeaders) => string | undefined;

/**
 * Refuses what a page of another site can make a browser send. A name that DNS can point here is not one of ours
 * (rebinding); addresses and `localhost` are, and the names in `allowedHosts` (`*.` stands for any subdomain).
 */
export function createHostGuard(allowedHosts: readonly string[] = []): HostGuard {
  const names = allowedHosts.map((name) => name.toLowerCase());

  function isAllowed(name: string): boolean {
    if (isIP(name.replace(/^\[|\]$/g, '')) !== 0) return true;
    if (name === 'localhost' || name.endsWith('.localhost')) return true;
    return names.some((allowed) =>
      allowed.startsWith('*.') ? name.endsWith(allowed.slice(1)) : name === allowed,
    );
  }

  return ({ host = '', origin }) => {
    const name = HOST.exec(host)?.[1]?.toLowerCase();
    if (!name || !isAllowed(name)) return `the host ${JSON.stringify(host.slice(0, 200))} is not allowed`;
    if (origin !== undefined && !isOriginOf(origin, host)) {
      return `the origin ${JSON.stringify(origin.slice(0, 200))} is another than the host's`;
    }
    return undefined;
  };
}

function isOriginOf(origin: string, host: string): boolean {
  const given = origin.toLowerCase();
  return given === `http://${host.toLowerCase()}` || given === `https://${host.toLowerCase()}`;
}
