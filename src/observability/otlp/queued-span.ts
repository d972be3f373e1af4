import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { ArenaString } from '../delivery/string-arena.ts';

/** The part of a span that a batch holds once for all its spans. */
interface SpanOrigin {
  readonly scope: ReadableSpan['instrumentationScope'];
  readonly resource: ReadableSpan['resource'];
}

/** A span that has ended. The bytes of one in protobuf are valid until the next span is encoded. */
export interface EndedSpan extends SpanOrigin {
  readonly encoded: string | Uint8Array;
}

/** A span in the queue. */
export interface QueuedSpan extends SpanOrigin {
  readonly encoded: ArenaString;
}
