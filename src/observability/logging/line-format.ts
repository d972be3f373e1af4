import { isSpanContextValid, type SpanContext } from '@opentelemetry/api';
import { truncate } from '../../lib/truncate.ts';
import { xrayTraceIdOf } from '../amzn-trace-id.ts';
import { toTimestamp } from '../timestamp.ts';
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
 * that cannot be written becomes a shorter line with `log_failure`.
 */
export function createLineFormat(service: string): (record: LogRecord) => string {
  const ownService = `,"service":${JSON.stringify(service)}`;

  function assemble(record: LogRecord, message: string, fields: string): string {
    const { level, span, time } = record;
    const opening = `{"timestamp":"${toTimestamp(time)}","level":"${level}","message":${JSON.stringify(message)}`;
    return `${opening}${traceMembers(span)}${ownService}${fields}}`;
  }

  return (record) => {
    try {
      return assemble(record, truncate(String(record.message)), serialiseFields(record.fields, OWN_MEMBERS));
    } catch (error) {
      // Text beyond V8's longest string, or a message that is not a string.
      const reason = error instanceof Error ? error.name : 'unknown';
      const message = typeof record.message === 'string' ? record.message : '';
      return assemble(record, truncate(message), `,"log_failure":"${reason}"`);
    }
  };
}

function traceMembers(span: SpanContext | undefined): string {
  if (span === undefined || !isSpanContextValid(span)) return '';
  const { traceId, spanId } = span;
  return `,"trace_id":"${traceId}","span_id":"${spanId}","xray_trace_id":"${xrayTraceIdOf(span)}"`;
}
