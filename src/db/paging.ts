/** The place in a list after which the next page starts: the sort key of the last row of the page before. */
export interface Cursor {
  /** ISO 8601 with milliseconds and `Z`, as in the rows. */
  readonly createdAt: string;
  readonly uuid: string;
}

/** What part of a list is asked for. */
export interface PageRequest {
  /** 1 to 100. */
  readonly limit: number;
  readonly before?: Cursor | undefined;
}

/** A part of a list, and where the next one starts; `next` is undefined on the last page. */
export interface Page<Row> {
  readonly rows: Row[];
  readonly next: Cursor | undefined;
}

/** Comes before every row in a list, newest first. */
const TOP: Cursor = { createdAt: 'infinity', uuid: 'ffffffff-ffff-ffff-ffff-ffffffffffff' };

/**
 * The parameters of a page: where it starts (time and uuid), and how many rows to ask for: one more than it shows,
 * whose presence says that there is a next page.
 */
export function pageValues({
  before = TOP,
  limit,
}: PageRequest): [createdAt: string, uuid: string, rows: number] {
  return [before.createdAt, before.uuid, limit + 1];
}

/** The page that `rows`, asked for with `pageValues` and sorted newest first, make. */
export function toPage<Row extends { created_at: string; uuid: string }>(
  rows: Row[],
  { limit }: PageRequest,
): Page<Row> {
  if (rows.length <= limit) return { rows, next: undefined };
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { rows: shown, next: last && { createdAt: last.created_at, uuid: last.uuid } };
}

/** The SQL of a moment as clients see it: ISO 8601 with milliseconds and `Z`; null stays null. */
export function isoTime(moment: string): string {
  return `to_char(${moment} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}
