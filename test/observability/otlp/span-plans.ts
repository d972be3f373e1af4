import {
  type Attributes,
  createTraceState,
  type HrTime,
  type Link,
  ROOT_CONTEXT,
  type SpanContext,
  SpanKind,
  type SpanStatus,
  SpanStatusCode,
  type Tracer,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';
import fc from 'fast-check';

/** All data that an application can set on a span. */
export interface SpanPlan {
  readonly scope: { readonly name: string; readonly version?: string; readonly schemaUrl?: string };
  readonly name: string;
  readonly kind: SpanKind;
  readonly attributes: Attributes;
  readonly later: Attributes;
  readonly events: readonly {
    readonly name: string;
    readonly attributes: Attributes;
    readonly time: HrTime;
  }[];
  readonly links: readonly Link[];
  readonly status: SpanStatus;
  readonly parent: 'none' | 'previous' | SpanContext;
  readonly start: HrTime;
  readonly durationMs: number;
}

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '\ud800', '"\\\n\0', '🖖'),
);
const number = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.maxSafeInteger(),
  fc.constantFrom(0, -0, 2 ** 53, 1e300),
);

const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    text,
    number,
    fc.boolean(),
    fc.constantFrom(null, undefined),
    fc.uint8Array({ maxLength: 20 }),
    fc.sparseArray(text, { maxNumElements: 3, maxLength: 4 }),
    fc.array(number, { maxLength: 4 }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(text, tie('value'), { maxKeys: 4 }),
  ),
}));

/** Attributes of every type that the API accepts, and of some that it does not. */
export const attributes: fc.Arbitrary<Attributes> = fc.dictionary(text, value, { maxKeys: 6 });

const hex = (length: number) =>
  fc
    .string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length })
    .filter((id) => /[^0]/.test(id));

const spanContext: fc.Arbitrary<SpanContext> = fc.record(
  {
    traceId: hex(32),
    spanId: hex(16),
    traceFlags: fc.constantFrom(0, 1),
    isRemote: fc.boolean(),
    traceState: fc.constantFrom('a=1', 'a=1,b@c=2', '').map(createTraceState),
  },
  { requiredKeys: ['traceId', 'spanId', 'traceFlags'] },
);

const time = fc.tuple(fc.integer({ min: 0, max: 2_000_000_000 }), fc.integer({ min: 0, max: 999_999_999 }));

export const spanPlan: fc.Arbitrary<SpanPlan> = fc.record({
  scope: fc.constantFrom(
    { name: '' },
    { name: 'home.activities' },
    { name: 'home.activities', version: '1.0.0' },
    { name: 'home.activities', version: '1.0.0', schemaUrl: 'https://opentelemetry.io/schemas/1.45.0' },
  ),
  name: text,
  kind: fc.constantFrom(
    SpanKind.INTERNAL,
    SpanKind.SERVER,
    SpanKind.CLIENT,
    SpanKind.PRODUCER,
    SpanKind.CONSUMER,
  ),
  attributes,
  later: attributes,
  events: fc.array(fc.record({ name: text, attributes, time }), { maxLength: 3 }),
  links: fc.array(fc.record({ context: spanContext, attributes }, { requiredKeys: ['context'] }), {
    maxLength: 3,
  }),
  status: fc.oneof(
    fc.constantFrom(
      { code: SpanStatusCode.UNSET },
      { code: SpanStatusCode.OK },
      { code: SpanStatusCode.ERROR },
    ),
    text.map((message) => ({ code: SpanStatusCode.ERROR, message })),
  ),
  parent: fc.oneof(fc.constantFrom('none' as const, 'previous' as const), spanContext),
  start: time,
  durationMs: fc.double({ min: 0, max: 1e7, noNaN: true }),
});

/** Starts the spans of the plans, and ends them last to first. */
export function makeSpans(provider: TracerProvider, plans: readonly SpanPlan[]): void {
  let previous: SpanContext | undefined;
  const ends = plans.map((plan) => {
    const span = startSpan(
      provider.getTracer(plan.scope.name, plan.scope.version, plan.scope),
      plan,
      previous,
    );
    previous = span.spanContext();
    span.setAttributes(plan.later);
    for (const event of plan.events) span.addEvent(event.name, event.attributes, event.time);
    span.setStatus(plan.status);
    const [seconds, nanoseconds] = plan.start;
    return () => span.end([seconds + Math.floor(plan.durationMs / 1000), nanoseconds]);
  });
  for (const end of ends.reverse()) end();
}

function startSpan(tracer: Tracer, plan: SpanPlan, previous: SpanContext | undefined) {
  const parent = plan.parent === 'previous' ? previous : plan.parent === 'none' ? undefined : plan.parent;
  return tracer.startSpan(
    plan.name,
    { kind: plan.kind, attributes: plan.attributes, links: [...plan.links], startTime: plan.start },
    parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent),
  );
}
