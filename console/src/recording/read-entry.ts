import { z } from 'zod';
import { UnreadableInput } from '../http/receiver.ts';
import type { Entry } from '../journal/entries.ts';
import { parseJson } from '../json.ts';
import { KINDS, STATUSES } from '../otlp/span.ts';
import { IS_NO_TIME, toMilliseconds, toSeconds } from '../times.ts';
import { toTraceId } from '../trace-id/trace-id.ts';
import { correctTimes } from '../xray/segment-times.ts';

const traceId = z.string().transform((id, { addIssue }) => {
  const hex = toTraceId(id);
  if (hex === undefined) addIssue('is not a trace id');
  return hex;
});
/** Milliseconds. An older console may have saved them in another unit. */
const time = z.number().transform((given, { addIssue }) => {
  const ms = toMilliseconds(given);
  if (ms === undefined) addIssue(IS_NO_TIME);
  return ms;
});
const record = z.record(z.string(), z.unknown());
const arrival = { traceId: traceId.optional(), alias: traceId.optional(), receivedAt: z.number() };

const Span = z.looseObject({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  kind: z.enum(KINDS),
  startTime: time,
  durationMs: z.number(),
  status: z.looseObject({ code: z.enum(STATUSES), message: z.string().optional() }),
  attributes: record,
  events: z.array(z.looseObject({ name: z.string(), time: z.number(), attributes: record })),
  links: z.array(z.looseObject({ traceId: z.string(), spanId: z.string(), attributes: record })),
  scope: z.looseObject({ name: z.string() }),
  resource: record,
});
const Segment = z
  .looseObject({
    id: z.string(),
    name: z.string(),
    start_time: z.number().refine((start) => toSeconds(start) !== undefined, IS_NO_TIME),
  })
  .transform((segment) => correctTimes(segment));
const LogEvent = z.looseObject({
  group: z.string(),
  stream: z.string(),
  timestamp: time,
  message: z.string(),
});

const RecordedEntry = z.discriminatedUnion('kind', [
  z.object({ ...arrival, kind: z.literal('span'), span: Span }),
  z.object({ ...arrival, kind: z.literal('segment'), segment: Segment }),
  z.object({ ...arrival, kind: z.literal('log'), log: LogEvent }),
  z.object({ ...arrival, kind: z.literal('error'), item: record }),
]);

/** Reads an entry from its line in a recording. Throws `UnreadableInput` with the errors of the line. */
export function readEntry(line: string): Entry {
  const parsed = RecordedEntry.safeParse(parseJson(line));
  if (parsed.success) return parsed.data as Entry;
  const faults = parsed.error.issues.map(({ path, message }) => [path.join('.'), message].join(' ').trim());
  throw new UnreadableInput(400, faults.join('; '));
}
