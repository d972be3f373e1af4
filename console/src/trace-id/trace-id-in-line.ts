import { parseLogFields } from '../journal/log-fields.ts';
import type { PartialLines } from './partial-lines.ts';
import { type TraceIds, traceIdsOfFields } from './trace-id-in-fields.ts';
import { traceIdOfText } from './trace-id-in-text.ts';

/** The members in which log routers, such as FireLens, and loggers put the line itself. */
const LINE_MEMBERS = [
  'log',
  'message',
  'msg',
  'Message',
  'MESSAGE',
  'event',
  '@m',
  'formattedMessage',
  'short_message',
  'full_message',
];

/**
 * Finds the trace id of a log line: in the fields of a JSON object; else in the line that a log router
 * wrapped, JSON or text; else in the text. A part of a longer line has the id of an earlier part.
 */
export function traceIdsOfLine(line: string, partials: PartialLines): TraceIds {
  const fields = parseLogFields(line);
  if (fields === undefined) return { traceId: traceIdOfText(line) };
  const ids = traceIdsOfFields(fields);
  return partials.link(fields, ids.traceId === undefined ? idsOfWrapped(fields) : ids);
}

function idsOfWrapped(fields: Readonly<Record<string, unknown>>): TraceIds {
  for (const member of LINE_MEMBERS) {
    const inner = fields[member];
    if (typeof inner !== 'string') continue;
    const parsed = parseLogFields(inner);
    const found = parsed && traceIdsOfFields(parsed);
    if (found?.traceId !== undefined) return found;
    const traceId = traceIdOfText(inner);
    if (traceId !== undefined) return { traceId };
  }
  return { traceId: undefined };
}
