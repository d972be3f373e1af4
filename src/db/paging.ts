import type { Cursor, Page, PageRequest } from '../http/page.ts';

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
