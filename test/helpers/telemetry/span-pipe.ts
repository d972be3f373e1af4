import { TracerProvider } from '@opentelemetry/sdk-trace';
import { readConfig } from '../../../src/config/config.ts';
import { createSinkCounters } from '../../../src/observability/delivery/sink-counters.ts';
import { createHoneycombExport } from '../../../src/observability/otlp/destinations.ts';
import { encodingOf } from '../../../src/observability/otlp/span-encoding.ts';
import { createSpanProcessor, createSpanQueue } from '../../../src/observability/otlp/span-queue.ts';

/** Opens the span processor and queue that export to `endpoint`, as the environment configures them. */
export function openSpanPipe(endpoint: string, environment: Readonly<Record<string, string>> = {}) {
  const { otlp } = readConfig({
    DATABASE_URL: 'postgres://127.0.0.1:1/none',
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_BSP_SCHEDULE_DELAY: '0',
    ...environment,
  });
  if (otlp === undefined) throw new Error('tracing is off');
  const sink = createSinkCounters('honeycomb', new URL(endpoint).host);
  const queue = createSpanQueue({ sink, ...otlp, deliver: createHoneycombExport(otlp) });
  const processor = createSpanProcessor([queue], encodingOf(otlp.protocol));
  const tracer = new TracerProvider({ spanProcessors: [processor] }).getTracer('test');
  return {
    sink,
    processor,
    drain: queue.drain,
    /** Ends `count` spans. With a delay of 0 the first is a batch of its own. */
    end(count: number): void {
      for (let n = 0; n < count; n += 1) tracer.startSpan(`span-${n}`).end();
    },
    counts: () => {
      const { accepted, sent, dropped, queued, last_error } = sink.report();
      return { accepted, sent, dropped, queued, last_error };
    },
  };
}
