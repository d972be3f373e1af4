import { isSpanContextValid, type SpanContext } from '@opentelemetry/api';
import type { Scrub } from '../../lib/scrub/scrub.ts';
import { truncate } from '../../lib/truncate.ts';
import { xrayTraceIdOf } from '../amzn-trace-id.ts';
import { toTimestamp } from '../timestamp.ts';
import type { Scrubbing } from './plain-value.ts';
import { serialiseFields } from './serialise-fields.ts';

export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

/** One call of the logger, before it is formatted. */
export interface LogRecord {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>> | undefined;
  readonly span: SpanContext | undefined;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

/** The members of every line, in order. A field of the same name gets an underscore appended. */
export const OWN_MEMBERS: ReadonlySet<string> = new Set([
  'timestamp',
  'level',
  'message',
  'trace_id',
  'span_id',
  'xray_trace_id',
  'service',
]);

/**
 * Returns a function that formats a record as one JSON object, without a line end. It never throws: a record
 * that cannot be written becomes a shorter line with `log_failure`. `scrub` takes secrets out of errors, and
 * out of all text of lines that are not at level info.
 */
export function createLineFormat(service: string, scrub: Scrub): (record: LogRecord) => string {
  const inErrors: Scrubbing = { scrub, only: 'errors' };
  const inText: Scrubbing = { scrub, only: 'text' };
  const ownService = `,"service":${JSON.stringify(service)}`;

  function assemble(record: LogRecord, message: string, fields: string): string {
    const { level, span, time } = record;
    const opening = `{"timestamp":"${toTimestamp(time)}","level":"${level}","message":${JSON.stringify(message)}`;
    return `${opening}${traceMembers(span)}${ownService}${fields}}`;
  }

  return (record) => {
    try {
      const { level, fields } = record;
      const message = String(record.message);
      return level === 'info'
        ? assemble(record, truncate(message), serialiseFields(fields, OWN_MEMBERS, inErrors))
        : assemble(record, truncate(scrub(message)), serialiseFields(fields, OWN_MEMBERS, inText));
    } catch (error) {
      // Text beyond V8's longest string, or a message that is not a string.
      const reason = error instanceof Error ? error.name : 'unknown';
      const message = typeof record.message === 'string' ? record.message : '';
      return assemble(record, truncate(scrub(message)), `,"log_failure":"${reason}"`);
    }
  };
}

function traceMembers(span: SpanContext | undefined): string {
  if (span === undefined || !isSpanContextValid(span)) return '';
  const { traceId, spanId } = span;
  return `,"trace_id":"${traceId}","span_id":"${spanId}","xray_trace_id":"${xrayTraceIdOf(span)}"`;
}
