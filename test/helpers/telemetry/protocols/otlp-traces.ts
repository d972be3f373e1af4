import { z } from 'zod';
import type { HttpProtocol } from './http-receiver.ts';
import { type Attributes, KeyValues, toAttributes } from './otlp-attributes.ts';
import { decodeTraces } from './otlp-protobuf.ts';

const PROTOBUF = 'application/x-protobuf';
const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
const STATUSES = ['unset', 'ok', 'error'] as const;

const count = z.int().min(0).optional();
const nanoseconds = z.string().regex(/^\d{1,20}$/);
const id = (bytes: number) => z.string().regex(new RegExp(`^(?!0+$)[0-9a-f]{${2 * bytes}}$`));
const Text = z.string().optional();
const Attached = { attributes: KeyValues.optional(), droppedAttributesCount: count };
const Context = { traceId: id(16), spanId: id(8), traceState: Text, flags: count };

const SpanMessage = z
  .strictObject({
    ...Context,
    ...Attached,
    parentSpanId: z.union([id(8), z.literal('')]).optional(),
    name: z.string(),
    kind: z
      .int()
      .min(1)
      .max(KINDS.length - 1),
    startTimeUnixNano: nanoseconds,
    endTimeUnixNano: nanoseconds,
    events: z.array(z.strictObject({ ...Attached, timeUnixNano: nanoseconds, name: z.string() })).optional(),
    droppedEventsCount: count,
    links: z.array(z.strictObject({ ...Attached, ...Context })).optional(),
    droppedLinksCount: count,
    status: z.strictObject({ code: z.int().min(0).max(2).optional(), message: Text }).optional(),
  })
  .refine((span) => BigInt(span.startTimeUnixNano) <= BigInt(span.endTimeUnixNano), 'ends before it starts');

/**
 * https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto
 */
const ExportTraceServiceRequest = z.strictObject({
  resourceSpans: z.array(
    z.strictObject({
      resource: z.strictObject({ ...Attached, entityRefs: z.array(z.unknown()).optional() }).optional(),
      schemaUrl: Text,
      scopeSpans: z.array(
        z.strictObject({
          scope: z.strictObject({ ...Attached, name: Text, version: Text }).optional(),
          schemaUrl: Text,
          spans: z.array(SpanMessage),
        }),
      ),
    }),
  ),
});

/** One OpenTelemetry span with its attributes as plain values. */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly traceState?: string;
  readonly name: string;
  readonly kind: (typeof KINDS)[number];
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status: { readonly code: (typeof STATUSES)[number]; readonly message?: string };
  readonly attributes: Attributes;
  readonly events: readonly SpanEvent[];
  readonly links: readonly SpanLink[];
  readonly scope: { readonly name: string; readonly version?: string };
  readonly resource: Attributes;
}

interface SpanEvent {
  readonly name: string;
  readonly timeUnixNano: string;
  readonly attributes: Attributes;
}

interface SpanLink {
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes: Attributes;
}

/** Receives `/v1/traces` in JSON and in protobuf. https://opentelemetry.io/docs/specs/otlp/#otlphttp */
export function otlpTraces(onSpan: (span: Span) => void): HttpProtocol {
  return {
    name: 'otlp',
    matches: (path) => path === '/v1/traces',
    decode: (body, { 'content-type': type }) => (type === PROTOBUF ? decodeTraces(body) : undefined),
    receive({ headers, json }) {
      const type = headers['content-type'];
      if (type !== 'application/json' && type !== PROTOBUF) throw new Error(`the content type is ${type}`);
      for (const span of toSpans(ExportTraceServiceRequest.parse(json))) onSpan(span);
      return type === PROTOBUF
        ? { status: 200, body: Buffer.alloc(0), contentType: PROTOBUF }
        : { status: 200, body: { partialSuccess: {} } };
    },
    refuse: (message) => ({ status: 400, body: { message } }),
  };
}

function toSpans({ resourceSpans }: z.infer<typeof ExportTraceServiceRequest>): Span[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ scope: { name = '', version } = {}, spans }) => {
      const origin = {
        scope: { name, ...(version && { version }) },
        resource: toAttributes(resource?.attributes),
      };
      return spans.map((span) => ({ ...toSpan(span), ...origin }));
    }),
  );
}

function toSpan(span: z.infer<typeof SpanMessage>): Omit<Span, 'scope' | 'resource'> {
  const { traceId, spanId, parentSpanId, traceState, name, startTimeUnixNano, endTimeUnixNano } = span;
  const { code = 0, message } = span.status ?? {};
  return {
    ...{ traceId, spanId, name, startTimeUnixNano, endTimeUnixNano },
    ...(parentSpanId && { parentSpanId }),
    ...(traceState && { traceState }),
    kind: KINDS[span.kind] ?? 'unspecified',
    status: { code: STATUSES[code] ?? 'unset', ...(message && { message }) },
    attributes: toAttributes(span.attributes),
    events: (span.events ?? []).map(({ name, timeUnixNano, attributes }) => ({
      ...{ name, timeUnixNano },
      attributes: toAttributes(attributes),
    })),
    links: (span.links ?? []).map(({ traceId, spanId, attributes }) => ({
      ...{ traceId, spanId },
      attributes: toAttributes(attributes),
    })),
  };
}
