import { SpanStatusCode } from '@opentelemetry/api';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NotFound } from '../../src/lib/errors.ts';
import { traced } from '../../src/observability/traced.ts';
import { inRequest, type Recorded, type TracedRequest } from '../helpers/telemetry/traced-request.ts';

/** Work with nested work, in sequence or in parallel, that succeeds or throws. */
interface Work {
  readonly parallel: boolean;
  readonly inner: readonly Work[];
  readonly outcome: 'well' | 'expected' | 'fault';
}

function workOf(depth: number): fc.Arbitrary<Work> {
  return fc.record({
    parallel: fc.boolean(),
    inner: depth > 0 ? fc.array(workOf(depth - 1), { maxLength: 3 }) : fc.constant([]),
    outcome: fc.constantFrom('well', 'expected', 'fault'),
  });
}

async function run({ parallel, inner, outcome }: Work, name: string): Promise<void> {
  const runInner = (each: Work, index: number) => run(each, `${name}-${index}`).catch(() => {});
  await traced(name, {}, async () => {
    if (parallel) await Promise.all(inner.map(runInner));
    else for (const [index, each] of inner.entries()) await runInner(each, index);
    if (outcome === 'expected') throw new NotFound('no such activity');
    if (outcome === 'fault') throw new TypeError('x is not a function');
  });
}

interface Tree {
  readonly name: string;
  readonly fault: boolean;
  readonly inner: readonly Tree[];
}

const byName = (trees: readonly Tree[]) => trees.toSorted((a, b) => (a.name < b.name ? -1 : 1));

function expectedTree({ inner, outcome }: Work, name: string): Tree {
  const trees = inner.map((each, index) => expectedTree(each, `${name}-${index}`));
  return { name, fault: outcome === 'fault', inner: byName(trees) };
}

function spanTrees(spans: TracedRequest<void>['spans'], parent: string): readonly Tree[] {
  const inner = spans.filter(({ parentSpanContext }) => parentSpanContext?.spanId === parent);
  return byName(
    inner.map((span) => ({
      name: span.name,
      fault: span.status.code === SpanStatusCode.ERROR,
      inner: spanTrees(spans, span.spanContext().spanId),
    })),
  );
}

function subsegmentTrees(subsegments: readonly Recorded[] = []): readonly Tree[] {
  return byName(
    subsegments.map((each) => {
      expect(each.isClosed()).toBe(true);
      return { name: each.name, fault: each.fault === true, inner: subsegmentTrees(each.subsegments) };
    }),
  );
}

describe('traced work within traced work', () => {
  it('is the same tree in both systems, in sequence or in parallel, whichever part fails', async () => {
    await fc.assert(
      fc.asyncProperty(workOf(3), async (work) => {
        const { request, spans, subsegments } = await inRequest(() => run(work, 'work'));
        const expected = [expectedTree(work, 'work')];
        expect(spanTrees(spans, request.spanContext().spanId)).toEqual(expected);
        expect(subsegmentTrees(subsegments)).toEqual(expected);
      }),
    );
  });

  it('stays with its own request when requests run at the same time', async () => {
    const requests = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        inRequest(() =>
          traced(`outer-${n}`, {}, async () => {
            await new Promise((resolve) => setImmediate(resolve));
            await traced(`inner-${n}`, {}, async () => {});
          }),
        ),
      ),
    );
    for (const [n, { subsegments }] of requests.entries()) {
      const inner = [{ name: `inner-${n}`, fault: false, inner: [] }];
      expect(subsegmentTrees(subsegments)).toEqual([{ name: `outer-${n}`, fault: false, inner }]);
    }
  });
});
