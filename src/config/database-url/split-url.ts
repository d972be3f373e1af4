import { UrlFault } from './url-fault.ts';

/** The parts of a connection URL, decoded except for the hosts, which are split later. */
export interface UrlParts {
  readonly user: string;
  readonly password: string;
  /** `host:port,host:port`, still percent-encoded. */
  readonly hosts: string;
  readonly database: string;
  /** If an option occurs more than once, the last one wins, as in libpq. */
  readonly options: ReadonlyMap<string, string>;
}

const FORM = 'must be a postgres:// URL; `npm start` runs an embedded database without one';

/**
 * Splits `postgres://user:password@host:port,host:port/database?option=value` as libpq does ("Connection
 * URIs" in PostgreSQL's documentation). WHATWG's `URL` cannot: it rejects several hosts, and it accepts wrong
 * percent-encoding. Throws `UrlFault`.
 */
export function splitUrl(url: string): UrlParts {
  const [, rest] = /^postgres(?:ql)?:\/\/(.*)$/is.exec(url.trim()) ?? [];
  if (rest === undefined) throw new UrlFault(FORM);
  const at = userInfoEnd(rest);
  const [, user = '', password = ''] = /^([^:]*):?(.*)$/s.exec(rest.slice(0, Math.max(at, 0))) ?? [];
  const [, hosts = '', path = '', query = ''] =
    /^([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(rest.slice(at + 1)) ?? [];
  return {
    user: percentDecode(user),
    password: percentDecode(password),
    hosts,
    database: percentDecode(path),
    options: new Map(query === '' ? [] : query.split('&').map(splitOption)),
  };
}

/**
 * Returns the place of the `@` before the hosts, -1 without one. A password may contain an unencoded `@`, `?`
 * or `#`, but no `/`.
 */
function userInfoEnd(rest: string): number {
  const at = lastAt(rest, /^[^/?#]*/);
  return at < 0 ? lastAt(rest, /^[^/]*/) : at;
}

function lastAt(text: string, part: RegExp): number {
  return (part.exec(text)?.[0] ?? '').lastIndexOf('@');
}

function splitOption(option: string): [name: string, value: string] {
  const at = option.indexOf('=');
  if (at < 1) throw new UrlFault('must have options of the form name=value, separated by &');
  return [percentDecode(option.slice(0, at)), percentDecode(option.slice(at + 1))];
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Throws `UrlFault` for a `%` without two hexadecimal digits, for bytes that are not UTF-8, and for %00. */
export function percentDecode(text: string): string {
  if (!text.includes('%')) return text;
  if (/%(?![0-9a-f]{2})/i.test(text)) {
    throw new UrlFault('must be percent-encoded: write a % as %25, or set DATABASE_PASSWORD instead');
  }
  const bytes = Buffer.from(text).toString('latin1').replaceAll(/%(..)/g, hexToByte);
  if (bytes.includes('\0')) throw new UrlFault('must not contain the byte %00');
  try {
    return UTF8.decode(Buffer.from(bytes, 'latin1'));
  } catch {
    throw new UrlFault('must be percent-encoded UTF-8');
  }
}

function hexToByte(_match: string, digits: string): string {
  return String.fromCharCode(Number.parseInt(digits, 16));
}
