import { readFileSync } from 'node:fs';
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

const COMMENT = /\s#/;

/** A name. `docker run --env-file` keeps the comment that follows a value. */
export const text = z
  .string()
  .refine(
    (value) => value.length <= 1000 && !COMMENT.test(value) && !/\p{Cc}/u.test(value),
    'must be at most 1000 characters without comments (# after a blank) and control characters',
  );

/** One of several words, in upper or lower case. */
export function choice<const V extends string>(values: readonly V[], message: string) {
  return z.string().toLowerCase().pipe(z.enum(values, message));
}

/**
 * OpenTelemetry's booleans: `true` in any case is true, `false` is false. It takes `1` and `on` for false.
 */
export const standardFlag = choice(['true', 'false'], 'must be true or false').transform(
  (value) => value === 'true',
);

/** The service's own booleans. */
export const flag = choice(
  ['true', 'on', 'yes', '1', 'false', 'off', 'no', '0'],
  'must be true or false',
).transform((value) => ['true', 'on', 'yes', '1'].includes(value));

/** `URL` alone accepts `http:/host`, and drops or encodes blanks. */
export const httpUrl = z
  .string()
  .refine(
    (url) => /^https?:\/\/[^\s/\\][^\s\\]*$/i.test(url) && URL.canParse(url),
    'must be an http:// or https:// URL',
  );

/**
 * A URL to whose path others such as `/v1/traces` are added; that one, and doubled slashes, are removed.
 */
export const baseUrl = httpUrl.transform((text, ctx): string => {
  const [, origin = '', path = '', query = '', fragment] =
    /^(\w+:\/\/[^/?#]+)([^?#]*)([^#]*)(#.*)?$/.exec(text) ?? [];
  if (fragment === undefined) {
    return `${origin}${path.replaceAll(/\/{2,}/g, '/').replace(/\/v1\/traces\/?$/, '')}${query}`;
  }
  ctx.addIssue('must have no fragment (#)');
  return z.NEVER;
});

/** A key or token that is sent in a header. */
export const secret = z.string().regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces');

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
 * `name=value,name=value`, values percent-encoded: the notation of OpenTelemetry's `*_HEADERS` and
 * attributes.
 */
function pairs(isName: RegExp) {
  return z.string().transform((text, ctx): Record<string, string> => {
    const parts = text.split(',').filter((part) => part.trim() !== '');
    const entries = parts.map(toPair).filter((pair) => pair !== undefined && isName.test(pair[0]));
    if (entries.length === parts.length && !COMMENT.test(text))
      return Object.fromEntries(entries as [string, string][]);
    ctx.addIssue('must be name=value pairs, separated by commas, values percent-encoded');
    return z.NEVER;
  });
}

function toPair(part: string): [name: string, value: string] | undefined {
  const at = part.indexOf('=');
  try {
    if (at < 1) return undefined;
    // A value that has quotes of its own has them percent-encoded.
    const value = part
      .slice(at + 1)
      .trim()
      .replace(/^"(.*)"$/s, '$1');
    return [part.slice(0, at).trim(), decodeURIComponent(value)];
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
