import { isIP } from 'node:net';
import { z } from 'zod';
import { httpUrl } from './values.ts';

/** A web origin, given as any URL below it. Browsers send no dot at the end of its host. */
export const origin = httpUrl.transform((value, ctx): string => {
  const url = new URL(value);
  if (!url.hostname.endsWith('.')) return url.origin;
  ctx.addIssue('must have no dot after its host name');
  return z.NEVER;
});

/** An address or a name to listen on; an IPv6 address may be in brackets. */
export const listenHost = z
  .string()
  .transform((value) => value.replace(/^\[(.*)\]$/, '$1'))
  .refine(
    (host) => isIP(host) !== 0 || /^[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?$/i.test(host),
    'must be a host name or an address, without scheme and port',
  );

/** Web origins, separated by commas. */
export const origins = list(origin, 'must be http:// or https:// URLs, separated by commas');

/** Host names or addresses without ports, separated by commas; in lower case. */
export const hosts = list(
  z
    .string()
    .toLowerCase()
    .regex(/^(?:[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\])$/),
  'must be host names, separated by commas',
);

function list<T>(item: z.ZodType<T, string>, error: string) {
  return z.string().transform((text, ctx): T[] => {
    const parts = text.split(',').map((part) => item.safeParse(part.trim()));
    const values = parts.flatMap((part) => (part.success ? [part.data] : []));
    if (values.length === parts.length) return values;
    ctx.addIssue(error);
    return z.NEVER;
  });
}

/**
 * Express's `trust proxy`: off, on, a number of hops, or a list of addresses, networks and Express's names
 * for them.
 */
export const trustProxy = z.string().transform((value, ctx): boolean | number | string[] => {
  const text = value.trim().toLowerCase();
  if (['off', 'false', 'no', '0'].includes(text)) return false;
  if (['on', 'true', 'yes'].includes(text)) return true;
  if (/^\d{1,2}$/.test(text)) return Number(text);
  const networks = text.split(',').map((network) => network.trim());
  if (networks.every(isNetwork)) return networks;
  ctx.addIssue('must be off, on, a number of proxies, or a list of addresses and networks');
  return z.NEVER;
});

/**
 * Express throws at a prefix of 0 bits, and at some IPv6 addresses with a zone or an IPv4 address in them.
 */
function isNetwork(text: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true;
  const [, address = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const family = /%|:.*\./.test(address) ? 0 : isIP(address);
  const longest = family === 4 ? 32 : 128;
  return family !== 0 && (bits === undefined || (Number(bits) >= 1 && Number(bits) <= longest));
}

export interface DaemonEndpoint {
  /** A name or an address; IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Returns `host:port` as in a URL: an IPv6 address in brackets. */
export function hostAndPort({ host, port }: DaemonEndpoint): string {
  return isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;
}

/**
 * The X-Ray SDK's notation: `host:port`, or `udp:host:port tcp:host:port` in either order. An IPv6 address is
 * in brackets, which the SDK lacks, and has no zone, because a URL cannot have one.
 */
export const daemonAddress = z
  .string()
  .transform((value, ctx): { udp: DaemonEndpoint; tcp: DaemonEndpoint } => {
    const parts = value.trim().split(/\s+/);
    const single = parts.length === 1 ? endpoint(parts[0]) : undefined;
    const udp = single ?? endpoint(parts.find((part) => part.startsWith('udp:'))?.slice(4));
    const tcp = single ?? endpoint(parts.find((part) => part.startsWith('tcp:'))?.slice(4));
    if (udp && tcp && parts.length <= 2) return { udp, tcp };
    ctx.addIssue(
      'must be host:port, or udp:host:port tcp:host:port; an IPv6 address in brackets: [::1]:2000',
    );
    return z.NEVER;
  });

function endpoint(text: string | undefined): DaemonEndpoint | undefined {
  const [, name, address = '', digits] = /^(?:([\w.-]+)|\[([\da-f:.]+)\]):(\d{1,5})$/i.exec(text ?? '') ?? [];
  const host = name ?? (isIP(address) === 6 ? address.toLowerCase() : undefined);
  const port = Number(digits);
  return host !== undefined && port >= 1 && port <= 65_535 ? { host, port } : undefined;
}
