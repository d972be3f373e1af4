import { TraceFlags } from '@opentelemetry/api';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace';
import { spanToJson } from './span-json.ts';
import type { EndedSpan } from './span-queue.ts';

/** Gets a span that has ended. */
export type SpanConsumer = (ended: EndedSpan, span: ReadableSpan) => void;

/** Hands each sampled span that ends, encoded once, to all of `takers`. */
export function createSpanProcessor(takers: readonly SpanConsumer[]): SpanProcessor {
  return {
    onStart: () => {},
    onEnd: (span) => {
      if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) === 0) return;
      const { instrumentationScope: scope, resource } = span;
      const ended = { json: spanToJson(span), scope, resource };
      for (const take of takers) take(ended, span);
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  };
}
