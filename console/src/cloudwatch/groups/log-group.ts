import type { KeptLogEvent } from '../../journal/entry-store.ts';

export const TAG_BYTES = 128;

export interface LogStream {
  readonly name: string;
  createdAt: number;
  firstEventTimestamp?: number;
  lastEventTimestamp?: number;
  lastIngestionTime?: number;
}

export interface LogGroup {
  readonly name: string;
  readonly createdAt: number;
  readonly class: string;
  readonly tags: Map<string, string>;
  readonly streams: Map<string, LogStream>;
  retentionDays?: number;
}

/** Notes the times of an event. */
export function noteTimes(stream: LogStream, timestamp: number, receivedAt: number): void {
  // Recordings may have been joined in any order.
  stream.createdAt = Math.min(stream.createdAt, receivedAt);
  stream.firstEventTimestamp = Math.min(stream.firstEventTimestamp ?? timestamp, timestamp);
  stream.lastEventTimestamp = Math.max(stream.lastEventTimestamp ?? timestamp, timestamp);
  stream.lastIngestionTime = Math.max(stream.lastIngestionTime ?? receivedAt, receivedAt);
}

/** Returns whether the stream of an event still exists. It may have been deleted and created again. */
export function storedIn({ streams }: LogGroup, { stream, receivedAt }: KeptLogEvent): boolean {
  const found = streams.get(stream);
  return found !== undefined && receivedAt >= found.createdAt;
}

/** Returns the memory of a text, whose characters may take two bytes, and of what belongs to it. */
export function bytesOf(overhead: number, text: string): number {
  return overhead + 2 * text.length;
}

export function bytesOfTags(tags: ReadonlyMap<string, string>): number {
  let bytes = 0;
  for (const [key, value] of tags) bytes += bytesOf(TAG_BYTES, key + value);
  return bytes;
}
