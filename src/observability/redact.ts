import { REDACTED } from '../lib/scrub/redacted.ts';
import { isSecretName } from '../lib/scrub/secret-names.ts';

const USERINFO = /^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i;
const MAX_NESTING = 3;

/**
 * Replaces the values of secret parameters, and the user of an absolute URL, by `[redacted]`. A value that
 * itself contains a secret parameter, such as a redirect URL, is replaced as a whole.
 */
export function redactUrl(url: string): string {
  const end = url.search(/[?#]/);
  if (end < 0) return withoutUser(url);
  const parameters = url
    .slice(end + 1)
    .split('&')
    .map(redactParameter);
  return withoutUser(url.slice(0, end)) + url[end] + parameters.join('&');
}

/**
 * Copies the headers. Replaces the values of secret ones by `[redacted]`, and redacts the URLs in the others.
 */
export function redactHeaders(
  headers: Readonly<Record<string, string | readonly string[] | number | undefined>>,
): Record<string, string | string[]> {
  const copy: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue;
    if (isSecretName(name)) copy[name] = REDACTED;
    else copy[name] = typeof value === 'object' ? value.map(redactUrl) : redactUrl(String(value));
  }
  return copy;
}

function withoutUser(place: string): string {
  return place.startsWith('/') ? place : place.replace(USERINFO, `$1${REDACTED}@`);
}

function redactParameter(parameter: string): string {
  return holdsSecret(parameter, 0) ? parameter.slice(0, parameter.indexOf('=') + 1) + REDACTED : parameter;
}

function holdsSecret(parameter: string, nesting: number): boolean {
  const equals = parameter.indexOf('=');
  if (equals < 0) return false;
  if (isSecretName(decode(parameter.slice(0, equals)))) return true;
  const value = decode(parameter.slice(equals + 1));
  if (!value.includes('=')) return false;
  return nesting === MAX_NESTING || value.split(/[?&;#]/).some((inner) => holdsSecret(inner, nesting + 1));
}

/** Percent-decodes text byte by byte. Unlike decodeURIComponent it accepts malformed text. */
function decode(text: string): string {
  return text.includes('%')
    ? text.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text;
}
