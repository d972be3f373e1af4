import { REDACTED } from '../lib/scrub/redacted.ts';
import { scrubText } from '../lib/scrub/scrub.ts';
import { isSecretName } from '../lib/scrub/secret-names.ts';
import { mayHoldToken } from '../lib/scrub/token-shapes.ts';

const USERINFO = /^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i;
const MAX_NESTING = 3;
const MAX_ENCODINGS = 3;

/** Maximum length of a URL that is scrubbed, and of its end, which may hold half a secret. Each is shown to 2 kB. */
const MAX_LENGTH = 4_096;
const MARGIN = 1_024;

/** A pair or a user outside of the query's parameters. Most URLs have neither, and cost no more than a look. */
const SUSPECT = /[:;]|%(?:25)*3[abd]|^[^?#]*=/i;

/** The span, the log line and the segment of a request need the same URL, one after the other. */
let latest = { url: '', redacted: '' };

/**
 * Replaces the values of secret parameters, the user of an absolute URL, and tokens that their form gives away,
 * by `[redacted]`. A value that itself contains a secret parameter, such as a redirect URL, is replaced as a
 * whole.
 */
export function redactUrl(url: string): string {
  if (url === latest.url) return latest.redacted;
  const parameters = redactParameters(url);
  const redacted = SUSPECT.test(url) || mayHoldToken(url) ? scrubStart(parameters) : parameters;
  latest = { url, redacted };
  return redacted;
}

/** Scrubs no more than is shown, so that a long URL costs its caller more than the service. */
function scrubStart(url: string): string {
  if (url.length <= MAX_LENGTH) return scrubText(url);
  return `${scrubText(url.slice(0, MAX_LENGTH)).slice(0, -MARGIN)}…`;
}

function redactParameters(url: string): string {
  const end = url.search(/[?#]/);
  if (end < 0) return withoutUser(url);
  const parameters = url
    .slice(end + 1)
    .split('&')
    .map(redactParameter);
  return withoutUser(url.slice(0, end)) + url[end] + parameters.join('&');
}

/**
 * Copies the headers. Replaces the values of secret ones by `[redacted]`, the user in `host`, and
 * redacts the URLs in the others.
 */
export function redactHeaders(
  headers: Readonly<Record<string, string | readonly string[] | number | undefined>>,
): Record<string, string | string[]> {
  const copy: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue;
    if (isSecretName(name)) copy[name] = REDACTED;
    else if (name === 'host') copy[name] = String(value).replace(/^.*@/, `${REDACTED}@`);
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

/** Percent-decodes text byte by byte, several times over. Unlike decodeURIComponent it accepts malformed text. */
function decode(text: string): string {
  let decoded = text;
  for (let round = 0; round < MAX_ENCODINGS && decoded.includes('%'); round += 1) {
    decoded = decoded.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
  }
  return decoded;
}
