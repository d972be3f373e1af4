/** What an entry says about the request of its trace. Times are in milliseconds since the epoch. */
export interface RequestFacts {
  readonly startedAt?: number | undefined;
  /** The entry's own name, for a trace without a known method and path. */
  readonly name?: string | undefined;
  readonly service?: string | undefined;
  readonly method?: string | undefined;
  readonly route?: string | undefined;
  readonly path?: string | undefined;
  readonly status?: number | undefined;
  readonly durationMs?: number | undefined;
}

/** The sources of facts, the most reliable first. */
export const SOURCES = ['serverSpan', 'segment', 'accessLine', 'report', 'root', 'any'] as const;
export type Source = (typeof SOURCES)[number];

export interface Finding {
  readonly source: Source;
  readonly facts: RequestFacts;
  readonly failed: boolean;
}

const MAX_TEXT_LENGTH = 500;
/** The latest time that a Date can hold. */
const MAX_TIME = 8.64e15;

/** Limits the length of a text. It copies, because a slice would keep the whole text in memory. */
export function shortText(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  if (value.length <= MAX_TEXT_LENGTH) return value;
  return Buffer.from(value.slice(0, MAX_TEXT_LENGTH)).toString();
}

/** Returns a time or a duration in milliseconds; undefined for a number that is neither, such as 1e999. */
export function milliseconds(value: number): number | undefined {
  return value >= 0 && value <= MAX_TIME ? value : undefined;
}

/** Returns an HTTP status from a number or its digits. */
export function httpStatus(value: unknown): number | undefined {
  const status = typeof value === 'string' ? Number(value) : value;
  const valid = typeof status === 'number' && Number.isInteger(status) && status >= 100 && status <= 999;
  return valid ? status : undefined;
}

/** Returns the path and query of a URL, which may lack its origin. */
export function pathOfUrl(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  if (value.startsWith('/')) return shortText(value);
  const url = URL.parse(value);
  return url === null ? undefined : shortText(url.pathname + url.search);
}
