import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';

const HOST = /^(\[[^\]]+\]|[^:]+)(?::\d*)?$/;

/** Returns why a request is refused for its `Host` or `Origin`; undefined when it is allowed. */
export type HostGuard = (headers: IncomingHttpHeaders) => string | undefined;

/**
 * Refuses requests that a page of another site can make a browser send. `Host` must be an address,
 * `localhost` or one of `allowedHosts`, in which `*.` matches any subdomain: DNS can point any other name
 * here (rebinding).
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
    if (!name || !isAllowed(name)) return hostRefusal(host);
    if (origin !== undefined && !isOriginOf(origin, host)) {
      return `the origin ${JSON.stringify(origin.slice(0, 200))} is not the host's own`;
    }
    return undefined;
  };
}

function hostRefusal(host: string): string {
  const name = JSON.stringify(host.slice(0, 200));
  return `the host ${name} is not allowed: add its name to CONSOLE_ALLOWED_HOSTS`;
}

function isOriginOf(origin: string, host: string): boolean {
  const given = origin.toLowerCase();
  return given === `http://${host.toLowerCase()}` || given === `https://${host.toLowerCase()}`;
}
