import { context, type Span, trace } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Segment, Subsegment } from 'aws-xray-sdk-core';
import { withSegment } from '../../../src/observability/segment-context.ts';
import { RequestContextManager } from '../../../src/observability/tracing/context-manager.ts';
import { loadXRaySdk } from '../../../src/observability/xray/sdk.ts';

/** A subsegment with fields that the SDK's declarations lack. */
export type Recorded = Subsegment & { readonly fault?: boolean; readonly cause?: unknown };

const { Segment: SdkSegment } = loadXRaySdk().core;
const exporter = new InMemorySpanExporter();
const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
trace.setGlobalTracerProvider(provider);
context.setGlobalContextManager(new RequestContextManager().enable());

export interface TracedRequest<T> {
  readonly segment: Segment;
  readonly request: Span;
  readonly result: PromiseSettledResult<T>;
  /** The spans that ended within the request. */
  readonly spans: ReturnType<InMemorySpanExporter['getFinishedSpans']>;
  readonly subsegments: readonly Recorded[];
}

/**
 * Runs `work` within a request that the systems of `by` record, default both. Resolves with their records.
 */
export async function inRequest<T>(
  work: () => Promise<T>,
  by: { readonly openTelemetry: boolean; readonly xray: boolean } = { openTelemetry: true, xray: true },
): Promise<TracedRequest<T>> {
  exporter.reset();
  const segment = new SdkSegment('backend-express');
  const request = provider.getTracer('http').startSpan('GET /');
  const unsampled = trace.wrapSpanContext({ ...request.spanContext(), traceFlags: 0 });
  const spanned = trace.setSpan(context.active(), by.openTelemetry ? request : unsampled);
  const active = by.xray ? withSegment(spanned, segment) : spanned;
  const [result] = await context.with(active, () => Promise.allSettled([work()]));
  const subsegments = (segment.subsegments ?? []) as Recorded[];
  return { segment, request, result, spans: exporter.getFinishedSpans(), subsegments };
}
