/** A position in a list: the sort key of the last row of the previous page. */
export interface Cursor {
  /** ISO 8601 with milliseconds and `Z`, as in the rows. */
  readonly createdAt: string;
  readonly uuid: string;
}

/** The requested part of a list. */
export interface PageRequest {
  /** 1 to 100. */
  readonly limit: number;
  readonly before?: Cursor | undefined;
}

/** A part of a list; `next` is the cursor of the next page, undefined on the last one. */
export interface Page<Row> {
  readonly rows: Row[];
  readonly next: Cursor | undefined;
}

/** Sorts before every row of a list, newest first. */
const TOP: Cursor = { createdAt: 'infinity', uuid: 'ffffffff-ffff-ffff-ffff-ffffffffffff' };

/**
 * Returns the SQL parameters of a page: the time and uuid of its cursor, and the number of rows to fetch.
 * That is one more than the page shows: the extra row means that there is a next page.
 */
export function pageValues({
  before = TOP,
  limit,
}: PageRequest): [createdAt: string, uuid: string, rows: number] {
  return [before.createdAt, before.uuid, limit + 1];
}

/** Builds the page from rows fetched with `pageValues`, sorted newest first. */
export function toPage<Row extends { created_at: string; uuid: string }>(
  rows: Row[],
  { limit }: PageRequest,
): Page<Row> {
  if (rows.length <= limit) return { rows, next: undefined };
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { rows: shown, next: last && { createdAt: last.created_at, uuid: last.uuid } };
}

/** Returns SQL that formats a time for clients: ISO 8601 with milliseconds and `Z`; null stays null. */
export function isoTime(moment: string): string {
  return `to_char(${moment} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}
