import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toDatagrams } from '../../../src/observability/xray/datagrams.ts';
import type { SegmentDocument } from '../../../src/observability/xray/document.ts';

const TRACE_ID = '1-5759e988-bd862e3fe1be46a994272793';
const LIMIT = 64_000;

describe('a document of any size', () => {
  test('arrives whole: each datagram within the limit, each part once, under its parent', () => {
    fc.assert(
      fc.property(tree, (root) => {
        const { datagrams, trimmed, lost } = toDatagrams(root);
        expect({ trimmed, lost }).toEqual({ trimmed: [], lost: [] });
        for (const datagram of datagrams) expect(Buffer.byteLength(datagram)).toBeLessThanOrEqual(LIMIT);
        const documents = datagrams.map(parseDatagram);
        expect(placesOf(documents)).toEqual(placesOf([root]));
      }),
      { numRuns: 60 },
    );
  });

  test('stays one datagram while it fits', () => {
    const root = segment('root', [segment('child', []), segment('other', [segment('grandchild', [])])]);
    expect(toDatagrams(root).datagrams.map(parseDatagram)).toEqual([root]);
  });

  test('is divided into no more datagrams than it needs', () => {
    const children = Array.from({ length: 1000 }, (_, index) => segment(`child-${index}`, []));
    const datagrams = toDatagrams(segment('root', children)).datagrams.map(parseDatagram);
    expect(datagrams[0]?.subsegments?.length).toBeGreaterThan(300);
    expect(datagrams).toHaveLength(1001 - Number(datagrams[0]?.subsegments?.length));
    expect(datagrams[1]).toMatchObject({
      type: 'subsegment',
      trace_id: TRACE_ID,
      parent_id: datagrams[0]?.id,
    });
  });
});

describe('a single document that is too large', () => {
  const huge = { cruddur: { dump: '€'.repeat(30_000) } };

  test('loses its metadata; its subsegments keep theirs', () => {
    const root = segment('root', [{ ...segment('child', []), metadata: { cruddur: { page: 1 } } }]);
    const { datagrams, trimmed, lost } = toDatagrams({ ...root, metadata: huge });
    expect(datagrams.map(parseDatagram)).toEqual([root]);
    expect({ trimmed, lost }).toEqual({ trimmed: ['root: metadata left out, too large'], lost: [] });
  });

  test('is lost when that is not enough; its subsegments are sent', () => {
    const child = segment('child', []);
    const root = { ...segment('root', [child]), annotations: { text: 'x'.repeat(70_000) } };
    const { datagrams, trimmed, lost } = toDatagrams(root);
    expect(datagrams.map(parseDatagram)).toEqual([
      { ...child, type: 'subsegment', parent_id: root.id, trace_id: TRACE_ID },
    ]);
    expect({ trimmed, lost }).toEqual({
      trimmed: [],
      lost: ['root: too large for a datagram, even without its metadata'],
    });
  });
});

describe('metadata that JSON cannot hold', () => {
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  const thrower = {
    toJSON() {
      throw new Error('no');
    },
  };

  test.each([
    ['a cycle', circular],
    ['a toJSON that throws', thrower],
  ])('%s is left out; the rest arrives', (_name, value) => {
    const child = segment('child', []);
    const root = segment('root', []);
    const { datagrams, trimmed, lost } = toDatagrams({
      ...root,
      subsegments: [{ ...child, metadata: { cruddur: value } }],
    });
    expect(datagrams.map(parseDatagram)).toEqual([{ ...root, subsegments: [child] }]);
    expect({ trimmed, lost }).toEqual({ trimmed: ['child: metadata left out, not JSON'], lost: [] });
  });

  test('a big integer becomes a string', () => {
    const { datagrams } = toDatagrams({
      ...segment('root', []),
      metadata: { cruddur: { count: 2n ** 64n } },
    });
    expect(datagrams.map(parseDatagram)[0]?.metadata).toEqual({ cruddur: { count: '18446744073709551616' } });
  });
});

let ids = 0;

function segment(name: string, subsegments: SegmentDocument[]): SegmentDocument {
  ids += 1;
  return {
    name,
    id: ids.toString(16).padStart(16, '0'),
    ...(name === 'root' && { trace_id: TRACE_ID }),
    start_time: 1_795_338_467.07,
    end_time: 1_795_338_467.08,
    ...(subsegments.length > 0 && { subsegments }),
  };
}

const { tree } = fc.letrec<{ tree: SegmentDocument; node: SegmentDocument }>((tie) => ({
  node: fc
    .record({
      children: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.constant<SegmentDocument[]>([]),
        fc.array(tie('node'), { maxLength: 6 }),
      ),
      text: fc.string({ unit: 'binary', maxLength: 20 }),
      repeat: fc.integer({ min: 0, max: 600 }),
    })
    .map(({ children, text, repeat }) => ({
      ...segment('node', children),
      metadata: { cruddur: { text: text.repeat(repeat) } },
    })),
  tree: fc.array(tie('node'), { maxLength: 20 }).map((children) => segment('root', children)),
}));

function parseDatagram(datagram: string): SegmentDocument {
  const [header, ...lines] = datagram.split('\n');
  expect(header).toBe('{"format":"json","version":1}');
  return JSON.parse(lines.join('\n'));
}

/** The fields of each document and the id of its parent, sorted by id. */
function placesOf(documents: readonly SegmentDocument[], parent?: string): unknown[] {
  return documents
    .flatMap((document) => {
      const { subsegments = [], type, parent_id, trace_id: _, ...own } = document;
      const place = { own, parent: type === 'subsegment' ? parent_id : parent };
      return [place, ...placesOf(subsegments, document.id)];
    })
    .sort((a, b) => (Object(a).own.id < Object(b).own.id ? -1 : 1));
}
