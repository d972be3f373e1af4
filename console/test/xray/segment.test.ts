import { describe, expect, it } from 'vitest';
import { assembleSegments, type SegmentDocument } from '../../src/xray/segment.ts';

function segment(id: string, more: Partial<SegmentDocument> = {}): SegmentDocument {
  return { id, name: id, trace_id: '1-58406520-a006649127e371903a2de979', start_time: 1, ...more };
}

function apart(id: string, parent: string, more: Partial<SegmentDocument> = {}): SegmentDocument {
  return segment(id, { type: 'subsegment', parent_id: parent, ...more });
}

/** Formats the names: `root(child(grandchild))`. */
function outline(documents: readonly SegmentDocument[]): string {
  return documents
    .map(({ name, subsegments }) => (subsegments ? `${name}(${outline(subsegments)})` : name))
    .join(' ');
}

describe('segments that were sent in parts', () => {
  it('become one tree, in any order of arrival', () => {
    const root = segment('root', { subsegments: [segment('inside')] });
    const documents = [apart('leaf', 'child'), apart('child', 'inside'), root];

    expect(outline(assembleSegments(documents))).toBe('root(inside(child(leaf)))');
  });

  it('count once when they were sent in progress and again when complete', () => {
    const documents = [segment('root', { in_progress: true }), segment('root', { end_time: 2 })];

    expect(assembleSegments(documents)).toEqual([segment('root', { end_time: 2 })]);
  });

  it('are top-level when their parent never arrived', () => {
    expect(outline(assembleSegments([apart('orphan', 'lost')]))).toBe('orphan');
  });

  it('are all included, once or more, when their ids are circular', () => {
    const circle = [apart('a', 'b'), apart('b', 'a'), segment('root')];
    const selfish = [segment('root', { subsegments: [apart('x', 'root')] }), apart('root', 'x')];

    expect(outline(assembleSegments(circle))).toBe('root a b');
    expect(outline(assembleSegments(selfish))).toContain('root');
  });

  it('may have anything as subsegments', () => {
    const odd = segment('root', { subsegments: [null, 'text', segment('child')] as never });
    expect(outline(assembleSegments([odd]))).toBe('root(child)');
    expect(outline(assembleSegments([segment('root', { subsegments: 'none' as never })]))).toBe('root()');
  });

  it('can be serialized as JSON when thousands are nested', () => {
    const chain = Array.from({ length: 20_000 }, (_, n) => apart(`${n + 1}`, `${n}`));
    const written = JSON.stringify(assembleSegments([segment('0'), ...chain]));

    expect(written.match(/"name"/g)).toHaveLength(20_001);
  });
});
