import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { z } from 'zod';

/** A whole number written in decimal digits, from `min` to `max`. */
export function integer(min: number, max: number) {
  const message = `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, message)
    .transform(Number)
    .refine((value) => value >= min && value <= max, message);
}

/** OpenTelemetry's booleans: `true` in any case is true, `false` is false. */
export const flag = z
  .string()
  .toLowerCase()
  .pipe(z.enum(['true', 'false'], 'must be true or false'))
  .transform((value) => value === 'true');

export const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' });

/** A key or token that is sent in a header. */
export const secret = z.string().regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces');

/** A web origin, given as any URL below it. */
export const origin = httpUrl.transform((value) => new URL(value).origin);

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

/** A number of requests per window of time; undefined is no limit. */
export interface RateLimit {
  readonly requests: number;
  readonly windowMs: number;
}

const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000 };

/** `<requests>/<window>`, such as `300/1m` or `1000/10s`; `off` is no limit. */
export const rateLimit = z.string().transform((text, ctx): RateLimit | undefined => {
  if (text.trim().toLowerCase() === 'off') return undefined;
  const [, requests, count, unit] = /^([1-9]\d{0,6})\/([1-9]\d{0,2})?([smh])$/.exec(text.trim()) ?? [];
  if (requests !== undefined) {
    const windowMs = Number(count ?? 1) * UNIT_MS[unit as keyof typeof UNIT_MS];
    return { requests: Number(requests), windowMs };
  }
  ctx.addIssue('must be off, or <requests>/<window> such as 300/1m or 1000/10s');
  return z.NEVER;
});

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
  readonly host: string;
  readonly port: number;
}

/**
 * The X-Ray SDK's notation: `host:port`, or `udp:host:port tcp:host:port` in either order. IPv4 or host
 * names.
 */
export const daemonAddress = z
  .string()
  .transform((value, ctx): { udp: DaemonEndpoint; tcp: DaemonEndpoint } => {
    const parts = value.trim().split(/\s+/);
    const single = parts.length === 1 ? endpoint(parts[0]) : undefined;
    const udp = single ?? endpoint(parts.find((part) => part.startsWith('udp:'))?.slice(4));
    const tcp = single ?? endpoint(parts.find((part) => part.startsWith('tcp:'))?.slice(4));
    if (udp && tcp && parts.length <= 2) return { udp, tcp };
    ctx.addIssue('must be host:port, or udp:host:port tcp:host:port');
    return z.NEVER;
  });

function endpoint(text: string | undefined): DaemonEndpoint | undefined {
  const match = /^([\w.-]+):(\d{1,5})$/.exec(text ?? '');
  const port = Number(match?.[2]);
  return match?.[1] && port >= 1 && port <= 65_535 ? { host: match[1], port } : undefined;
}

/**
 * The region of X-Ray's own OTLP endpoint, which wants requests signed for it; undefined for any other
 * address.
 */
export function xrayRegion(url: string): string | undefined {
  return /^https:\/\/xray(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?[:/]/.exec(url)?.[1];
}

/**
 * `name=value,name=value`, values percent-encoded: the notation of OpenTelemetry's `*_HEADERS` and
 * attributes.
 */
function pairs(isName: RegExp) {
  return z.string().transform((text, ctx): Record<string, string> => {
    const parts = text.split(',').filter((part) => part.trim() !== '');
    const entries = parts.map(toPair).filter((pair) => pair !== undefined && isName.test(pair[0]));
    if (entries.length === parts.length) return Object.fromEntries(entries as [string, string][]);
    ctx.addIssue('must be name=value pairs, separated by commas, values percent-encoded');
    return z.NEVER;
  });
}

function toPair(part: string): [name: string, value: string] | undefined {
  const at = part.indexOf('=');
  try {
    return at < 1 ? undefined : [part.slice(0, at).trim(), decodeURIComponent(part.slice(at + 1).trim())];
  } catch {
    return undefined;
  }
}

export const otlpHeaders = pairs(/^[\w!#$%&'*+.^`|~-]+$/).refine(
  (headers) => Object.values(headers).every((value) => /^[\t\x20-\x7e\x80-\xff]*$/.test(value)),
  'may hold no line ends or other control characters',
);

export const resourceAttributes = pairs(/./);

/** The path of a file that can be read, as its content. */
export const file = z.string().transform((path, ctx): Buffer => {
  try {
    return readFileSync(path);
  } catch {
    ctx.addIssue('must name a file that can be read');
    return z.NEVER;
  }
});

/** Tells whether a variable has a value: an empty or blank one counts as unset. */
export function isSet(value: string | undefined): value is string {
  return value !== undefined && value.trim() !== '';
}
