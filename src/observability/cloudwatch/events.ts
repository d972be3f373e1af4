/** PutLogEvents counts the message in UTF-8 plus this overhead. */
const EVENT_OVERHEAD_BYTES = 26;
/** winston-cloudwatch truncates longer events. */
const MAX_EVENT_BYTES = 256_000;
const MAX_MESSAGE_BYTES = MAX_EVENT_BYTES - EVENT_OVERHEAD_BYTES;
const MAX_BYTES_PER_UNIT = 3;

export interface LogEvent {
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly message: string;
}

/**
 * Converts a line to one event, or to several when it is too long. Their messages concatenated are the line.
 */
export function toEvents(line: string, timestamp: number): LogEvent[] {
  if (line.length * MAX_BYTES_PER_UNIT <= MAX_MESSAGE_BYTES) return [{ timestamp, message: line }];
  const events: LogEvent[] = [];
  const encoder = new TextEncoder();
  const bytes = new Uint8Array(MAX_MESSAGE_BYTES);
  for (let start = 0; start < line.length; ) {
    // Encodes as many whole code points as fit.
    const { read } = encoder.encodeInto(line.slice(start), bytes);
    events.push({ timestamp, message: line.slice(start, start + read) });
    start += read;
  }
  return events;
}
