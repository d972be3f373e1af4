import type { TraceIds } from './trace-id-in-fields.ts';

const MAX_LINES = 1000;
const MAX_ID_LENGTH = 100;

/** Links the parts of long lines, which Docker splits every 16 kB and log routers send one by one. */
export interface PartialLines {
  /** Returns the ids of a part: its own, or those of an earlier part of the same line. */
  link(fields: Readonly<Record<string, unknown>>, own: TraceIds): TraceIds;
}

/** Remembers the ids of the latest 1,000 lines. Parts have the same `partial_id`. */
export function createPartialLines(): PartialLines {
  const idsOfLine = new Map<string, TraceIds>();
  return {
    link({ partial_id: line, partial_last: last }, own) {
      if (typeof line !== 'string' || line.length > MAX_ID_LENGTH) return own;
      const ids = own.traceId === undefined ? (idsOfLine.get(line) ?? own) : own;
      idsOfLine.delete(line);
      if (ids.traceId === undefined || last === 'true' || last === true) return ids;
      idsOfLine.set(line, ids);
      const [oldest] = idsOfLine.keys();
      if (idsOfLine.size > MAX_LINES && oldest !== undefined) idsOfLine.delete(oldest);
      return ids;
    },
  };
}
