import { closest } from '../../lib/closest.ts';
import { Environment } from '../environment.ts';

/** Read by the launcher, by commands, by the console and by the AWS SDK. */
const OTHERS = [
  'DATA_DIR',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'HONEYCOMB_CONFIGURATION_KEY',
  'HONEYCOMB_API_ENDPOINT',
  'CONSOLE_HOST',
  'CONSOLE_PORT',
  'CONSOLE_XRAY_PORT',
  'CONSOLE_MEMORY_MB',
  'CONSOLE_ALLOWED_HOSTS',
];

const KNOWN: ReadonlySet<string> = new Set([...Object.keys(Environment.shape), ...OTHERS]);

/** Read by the AWS SDK, OpenTelemetry and Node themselves. */
const FAMILIES = /^(?:(?:AWS|OTEL)_\w+|(?:http|https|no|all)_proxy|(?:HTTP|HTTPS|NO|ALL)_PROXY)$/;

/** Right names of others, close to one above or so many that comparing them takes time (Kubernetes). */
const OF_OTHERS = /^OTEL_BLRP_|^DATABASE_SSL$|_(?:proxy|PROXY)$|_SERVICE_(?:HOST|PORT)|_PORT_\d/;

/** Tells whether the service, its commands or the console read a variable. */
export function isKnown(name: string): boolean {
  return KNOWN.has(name);
}

/** Tells whether the service or a library that it uses reads a variable. */
export function isRead(name: string): boolean {
  return KNOWN.has(name) || FAMILIES.test(name);
}

/**
 * Returns the known variable that an unknown name is probably meant to be: the same in upper case, or with
 * one letter too many, missing, wrong or swapped; two in a name of 12 letters or more.
 */
export function likelyName(name: string): string | undefined {
  if (KNOWN.has(name) || OF_OTHERS.test(name) || !/^[\w.-]+$/.test(name)) return undefined;
  const upper = name.toUpperCase().replaceAll(/[-.]/g, '_');
  if (KNOWN.has(upper)) return upper;
  if (upper.length < 6) return undefined;
  return closest(upper, KNOWN, upper.length < 12 ? 1 : 2);
}
