/** What one entry says of the request that its trace is about. Times are milliseconds since the epoch. */
export interface RequestFacts {
  readonly startedAt?: number | undefined;
  /** The entry's own name, for a trace of which no method and path are known. */
  readonly name?: string | undefined;
  readonly service?: string | undefined;
  readonly method?: string | undefined;
  readonly route?: string | undefined;
  readonly path?: string | undefined;
  readonly status?: number | undefined;
  readonly durationMs?: number | undefined;
}

/** Where facts come from, the most reliable source first. */
export const SOURCES = ['serverSpan', 'segment', 'accessLine', 'report', 'root', 'any'] as const;
export type Source = (typeof SOURCES)[number];

export interface Finding {
  readonly source: Source;
  readonly facts: RequestFacts;
  readonly failed: boolean;
}

const MAX_TEXT_LENGTH = 500;
/** The last moment that a Date can be. */
const MAX_TIME = 8.64e15;

/** A text for a summary, of bounded length. A part is copied, so that it does not keep the whole in memory. */
export function shortText(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  if (value.length <= MAX_TEXT_LENGTH) return value;
  return Buffer.from(value.slice(0, MAX_TEXT_LENGTH)).toString();
}

/** A time or a duration in milliseconds: JSON has numbers that are neither, such as 1e999. */
export function milliseconds(value: number): number | undefined {
  return value >= 0 && value <= MAX_TIME ? value : undefined;
}

/** A status code of HTTP, whether sent as a number or as its digits. */
export function httpStatus(value: unknown): number | undefined {
  const status = typeof value === 'string' ? Number(value) : value;
  const valid = typeof status === 'number' && Number.isInteger(status) && status >= 100 && status <= 999;
  return valid ? status : undefined;
}

/** Path and query of a URL, whole or without its origin. */
export function pathOfUrl(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  if (value.startsWith('/')) return shortText(value);
  const url = URL.parse(value);
  return url === null ? undefined : shortText(url.pathname + url.search);
}
