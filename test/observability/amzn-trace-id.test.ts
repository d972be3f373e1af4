import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAmznTraceId, toXRayTraceId } from '../../src/observability/amzn-trace-id.ts';

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCDEF'), minLength: length, maxLength: length });

const part = fc.oneof(
  hex(24).map((unique) => `Root=1-6745ab12-${unique}`),
  fc.tuple(hex(8), hex(24)).map(([time, unique]) => `Root=1-${time}-${unique}`),
  hex(16).map((id) => `Parent=${id}`),
  fc.constantFrom(
    'Sampled=1',
    'Sampled=0',
    'Sampled=?',
    'Root=',
    'Parent=0000000000000000',
    'Self=1-2-3',
    '',
  ),
  fc.string({ unit: 'binary' }),
);

/** Headers from well-formed to malformed. */
const header = fc
  .tuple(fc.array(part, { maxLength: 6 }), fc.constantFrom(';', '; ', ';;', ',', ' '))
  .map(([parts, separator]) => parts.join(separator));

describe('X-Amzn-Trace-Id', () => {
  it('yields ids of the right form or undefined, for any content', () => {
    fc.assert(
      fc.property(fc.oneof(header, fc.anything()), (value) => {
        const read = parseAmznTraceId(value);
        if (read === undefined) return;
        expect(read.traceId).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
        if (read.spanId !== undefined) expect(read.spanId).toMatch(/^(?!0{16})[0-9a-f]{16}$/);
        expect([true, false, undefined]).toContain(read.sampled);
        expect(String(value).toLowerCase()).toContain(`root=${toXRayTraceId(read.traceId)}`);
      }),
      { numRuns: 500 },
    );
  });

  it('is parsed in any order and with other members', () => {
    const id = fc.tuple(hex(8), hex(24)).filter((parts) => /[^0]/.test(parts.join('')));
    const spanId = fc.option(
      hex(16).filter((digits) => /[^0]/.test(digits)),
      { nil: undefined },
    );
    const sampled = fc.option(fc.boolean(), { nil: undefined });
    fc.assert(
      fc.property(id, spanId, sampled, fc.nat(), ([time, unique], spanId, sampled, turn) => {
        const parts = [
          `Root=1-${time}-${unique}`,
          'Self=1-6745ab12-c0ffee',
          'Lineage=a:1',
          ...(spanId === undefined ? [] : [`Parent=${spanId}`]),
          ...(sampled === undefined ? [] : [`Sampled=${Number(sampled)}`]),
        ];
        const at = turn % parts.length;
        expect(parseAmznTraceId([...parts.slice(at), ...parts.slice(0, at)].join(';'))).toEqual({
          traceId: (time + unique).toLowerCase(),
          spanId: spanId?.toLowerCase(),
          sampled,
        });
      }),
    );
  });

  it.each([
    ['zeros', `Root=1-${'0'.repeat(8)}-${'0'.repeat(24)}`],
    ['another version', 'Root=2-6745ab12-c0ffee00c0ffee00c0ffee01'],
    ['another name that ends in Root', 'NotRoot=1-6745ab12-c0ffee00c0ffee00c0ffee01'],
    ['1,025 characters', `Root=1-6745ab12-c0ffee00c0ffee00c0ffee01;${'a'.repeat(984)}`],
    // Node joins the lines of a repeated header.
    ['two lines', 'Root=1-6745ab12-c0ffee00c0ffee00c0ffee01, Root=1-6745ab12-c0ffee00c0ffee00c0ffee02'],
    [
      'two lines of several members',
      'Root=1-6745ab12-c0ffee00c0ffee00c0ffee01;Sampled=0, Root=1-6745ab12-c0ffee00c0ffee00c0ffee02;Sampled=1',
    ],
    ['the same line twice', Array(2).fill('Root=1-6745ab12-c0ffee00c0ffee00c0ffee01;Sampled=1').join(', ')],
    ['a list', ['Root=1-6745ab12-c0ffee00c0ffee00c0ffee01']],
  ])('is ignored with %s', (_what, value) => {
    expect(parseAmznTraceId(value)).toBeUndefined();
  });

  it('is parsed with 1,024 characters', () => {
    expect(parseAmznTraceId(`Root=1-6745ab12-c0ffee00c0ffee00c0ffee01;${'a'.repeat(983)}`)).toMatchObject({
      traceId: '6745ab12c0ffee00c0ffee00c0ffee01',
    });
  });
});
