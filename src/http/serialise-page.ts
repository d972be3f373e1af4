import type { Cursor, Page } from '../db/paging.ts';

/** Maximum size of a list in a response. */
const MAX_BYTES = 3_000_000;

/** A UTF-16 unit has at most three bytes in UTF-8, so most texts need no count of their bytes. */
const MAX_BYTES_PER_UNIT = 3;

/** The sort key of a list, as in the rows. */
export interface ListedRow {
  readonly created_at: string;
  readonly uuid: string;
}

interface SerialisedPage {
  /** The rows as a JSON array. */
  readonly json: string;
  readonly next: Cursor | undefined;
}

/**
 * Serialises a page, newest row first. If it exceeds `maxBytes`, it leaves out the last rows, and the next
 * page begins with them. One row is always sent: the checks of the tables bound its size, at 140 kB for an
 * activity.
 */
export function serialisePage<Row extends ListedRow>(
  { rows, next }: Page<Row>,
  maxBytes = MAX_BYTES,
): SerialisedPage {
  const json = JSON.stringify(rows);
  if (json.length * MAX_BYTES_PER_UNIT <= maxBytes || Buffer.byteLength(json) <= maxBytes) {
    return { json, next };
  }
  const parts: string[] = [];
  let bytes = '['.length;
  for (const row of rows) {
    const part = JSON.stringify(row);
    bytes += Buffer.byteLength(part) + 1;
    if (bytes > maxBytes && parts.length > 0) break;
    parts.push(part);
  }
  const last = rows[parts.length - 1];
  if (last === undefined || parts.length === rows.length) return { json, next };
  return { json: `[${parts.join()}]`, next: { createdAt: last.created_at, uuid: last.uuid } };
}
