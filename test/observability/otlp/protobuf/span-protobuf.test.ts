import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AlwaysOnSampler, type ReadableSpan, TracerProvider } from '@opentelemetry/sdk-trace';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { decodeTraces } from '../../../helpers/telemetry/protocols/otlp-protobuf.ts';
import { startReceivers } from '../../../helpers/telemetry/receivers.ts';
import { openSpanPipe } from '../../../helpers/telemetry/span-pipe.ts';
import { attributes, makeSpans, spanPlan } from '../span-plans.ts';

const receivers = await startReceivers();
afterAll(() => receivers.close());

/** Sorts a request's spans and scopes, which the serializer groups in another order, into a record by span. */
function bySpan(request: unknown): Record<string, unknown> {
  const { resourceSpans } = request as { resourceSpans: { resource: unknown; scopeSpans: ScopeSpans[] }[] };
  return Object.fromEntries(
    resourceSpans.flatMap(({ resource, scopeSpans }) =>
      scopeSpans.flatMap(({ spans, ...inScope }) =>
        spans.map((span) => [span.spanId, withoutDefaults({ resource, inScope, span })]),
      ),
    ),
  );
}

interface ScopeSpans {
  readonly spans: readonly { readonly spanId: string }[];
}

/** Removes the zeros and empty texts that may be absent in protobuf outside of an attribute's value. */
function withoutDefaults(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), function (this: object, key, each) {
    // The SDK writes integers that a number does not hold exactly as such, ours as doubles.
    if (each?.intValue !== undefined && !Number.isSafeInteger(each.intValue))
      return { doubleValue: each.intValue };
    const isDefault =
      each === 0 ||
      each === '' ||
      (each !== null && typeof each === 'object' && Object.keys(each).length === 0);
    return isDefault && !/Value$|^(?:key|value|\d+)$/.test(key) ? undefined : each;
  });
}

it("equals the encoding of the SDK's own serializer, for any span", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(spanPlan, { minLength: 1, maxLength: 5 }), attributes, async (plans, about) => {
      const pipe = openSpanPipe(receivers.url, { OTEL_BSP_SCHEDULE_DELAY: '60000' });
      const ended: ReadableSpan[] = [];
      const { onStart, forceFlush, shutdown } = pipe.processor;
      const collector = { onStart, forceFlush, shutdown, onEnd: (span: ReadableSpan) => ended.push(span) };
      const provider = new TracerProvider({
        sampler: new AlwaysOnSampler(),
        resource: resourceFromAttributes(about),
        spanProcessors: [pipe.processor, collector],
      });
      const from = receivers.requests('otlp').length;
      makeSpans(provider, plans);
      await pipe.drain(5000);
      const [ours, ...others] = receivers.requests('otlp').slice(from);
      expect(others).toEqual([]);
      const theirs = ProtobufTraceSerializer.serializeRequest(ended) ?? new Uint8Array();
      const expected = bySpan(decodeTraces(Buffer.from(theirs)));
      expect(Object.keys(expected)).toHaveLength(plans.length);
      expect(bySpan(ours?.json)).toEqual(expected);
    }),
    { numRuns: 40 },
  );
});

it('has the value of each span in an attribute whose value and type change', async () => {
  const pipe = openSpanPipe(receivers.url, { OTEL_BSP_SCHEDULE_DELAY: '60000' });
  const provider = new TracerProvider({ spanProcessors: [pipe.processor] });
  const values = ['a', 'a', 'longer', 'b', 'x'.repeat(1100), 'b', 1, '1', true, 1.5, -1, 2 ** 40, [1], 'a'];
  for (const value of values) provider.getTracer('kept').startSpan('span', { attributes: { value } }).end();
  await pipe.drain(5000);
  const sent = receivers.spans().filter(({ scope }) => scope.name === 'kept');
  expect(sent.map((span) => span.attributes.value)).toEqual(values);
});
