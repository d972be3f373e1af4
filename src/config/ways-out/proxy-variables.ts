import { isIPv4, isIPv6 } from 'node:net';
import { z } from 'zod';
import { hasCertificates } from '../database-url/database-tls.ts';
import { file } from '../variables/values.ts';

/** The environment of Node's agents: which proxies lead out, and which hosts are reached without them. */
export type ProxyEnvironment = {
  readonly HTTP_PROXY?: string;
  readonly HTTPS_PROXY?: string;
  readonly NO_PROXY: string;
};

/** Reached directly, always: no proxy can reach this machine or its metadata services for it. */
const LOCAL = [
  'localhost',
  '127.0.0.1',
  '::1',
  '127.0.0.0/8',
  '169.254.169.254',
  '169.254.170.2',
  '169.254.170.23',
  '169.254.0.0/16',
  'fd00:ec2::254',
  'fd00:ec2::23',
];

/** How proxies are reached. `ALL_PROXY` is not read: Node.js ignores it, too. */
export const PROXY_VARIABLES = {
  HTTP_PROXY: proxyUrl('http_proxy')
    .optional()
    .describe(
      'Proxy for `http://` addresses of the four systems and of `fetch`: `http://user:password@host:port`, ' +
        'or `https://…`. As in Node.js and curl, `http_proxy` takes precedence. `fetch` also uses it for ' +
        '`https://` while `HTTPS_PROXY` is unset.',
    ),
  HTTPS_PROXY: proxyUrl('https_proxy')
    .optional()
    .describe('Proxy for `https://` addresses, through a tunnel. `https_proxy` takes precedence.'),
  NO_PROXY: z
    .string()
    .optional()
    .describe(
      'Hosts reached without a proxy, separated by commas: names (with their subdomains), `.suffix`, ' +
        '`*.suffix`, addresses, networks such as `10.0.0.0/8`, each name or address also with `:port`; `*` ' +
        'is all. Loopback and link-local addresses always belong to it. `no_proxy` adds to it.',
    ),
  NODE_EXTRA_CA_CERTS: file
    .refine(hasCertificates, 'must name a PEM file of certificates')
    .optional()
    .describe(
      'PEM file of authorities that are trusted in addition to those of Node.js, for example of a company’s ' +
        'proxy.',
    ),
};

function proxyUrl(otherName: string) {
  const error =
    `(or ${otherName}) must be an http:// or https:// URL without a path, ` +
    'user and password percent-encoded';
  return z.string().transform((text, ctx): string => {
    const url = parseProxy(text.trim());
    if (url !== undefined) return url.href;
    ctx.addIssue(error);
    return z.NEVER;
  });
}

/** As curl does, takes `host:port` for an HTTP proxy. */
function parseProxy(text: string): URL | undefined {
  try {
    const url = new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`);
    const isProxy = /^https?:$/.test(url.protocol) && url.pathname + url.search + url.hash === '/';
    decodeURIComponent(url.username + url.password);
    return isProxy ? url : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Returns the variables with those that are written in lower case. They take precedence, as in Node.js,
 * except that both lists of exceptions count: Docker sets one and Compose the other.
 */
export function withLowerCaseProxies(given: Record<string, string | undefined>): typeof given {
  const { http_proxy: http, https_proxy: https, no_proxy: none } = given;
  return {
    ...given,
    ...(http !== undefined && { HTTP_PROXY: http }),
    ...(https !== undefined && { HTTPS_PROXY: https }),
    ...(none !== undefined && { NO_PROXY: [none, given.NO_PROXY ?? ''].join() }),
  };
}

/** Returns the environment for Node's agents; undefined where no proxy is set. */
export function proxyConfig(
  env: Readonly<Partial<Record<'HTTP_PROXY' | 'HTTPS_PROXY' | 'NO_PROXY', string | undefined>>>,
): ProxyEnvironment | undefined {
  const { HTTP_PROXY: http, HTTPS_PROXY: https, NO_PROXY: none = '' } = env;
  if (http === undefined && https === undefined) return undefined;
  const entries = none.toLowerCase().split(/[\s,]+/);
  return {
    ...(http !== undefined && { HTTP_PROXY: http }),
    ...(https !== undefined && { HTTPS_PROXY: https }),
    // `fetch` recognises it only where it stands alone.
    NO_PROXY: entries.includes('*') ? '*' : [...entries, ...LOCAL].flatMap(toNodeEntries).join(),
  };
}

/** Returns an exception in the forms that Node's agents compare: it has no networks, and no subdomains. */
function toNodeEntries(entry: string): string[] {
  const address = entry.replace(/^\[(.*)\]$/, '$1').replace(/^(.*:.*)\/128$/, '$1');
  if (isIPv6(address)) return [address, `[${address}]`];
  // Node's agents compare it without brackets, and `fetch` with them.
  if (/^\[.*\]:\d+$/.test(entry)) return [entry, entry.replaceAll(/[[\]]/g, '')];
  const [, network = '', bits = ''] = /^([\d.]+)\/(\d{1,2})$/.exec(entry) ?? [];
  if (isIPv4(network) && Number(bits) <= 32) return [toRange(network, Number(bits))];
  const isName = /^[^.*/:-][^*/:]*$/.test(entry) && !isIPv4(entry);
  return entry === '' ? [] : isName ? [entry, `.${entry}`] : [entry];
}

function toRange(network: string, bits: number): string {
  const value = network.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - bits);
  const first = Math.floor(value / size) * size;
  return `${toAddress(first)}-${toAddress(first + size - 1)}`;
}

function toAddress(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}
