import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rejectedSpans } from '../../../src/observability/otlp/rejected-spans.ts';

it.each([
  ['nothing', '', 0],
  ['an empty partial success', '0a00', 0],
  ['2 rejected', '0a020802', 2],
  ['300 rejected, with a message', '0a0708ac021202686f', 300],
  ['a message alone', '0a0412026e6f', 0],
  ['a message before the count', '0a0612026e6f0802', 2],
  ['a count below 0', '0a0b08ffffffffffffffffff01', 0],
  ['fields of a later version', '1801210000000000000000250000000012010a0a020803', 3],
  ['a part cut off', '0a0208', undefined],
  ['a length beyond the end', '0aff01', undefined],
  ['a varint without end', '08ffffffffffffffffffffff01', undefined],
  ['a number in place of the partial success', '0801', undefined],
  ['a text in place of the count', '0a030a0161', undefined],
  ['an unknown wire type', '0f', undefined],
  ['a web page', Buffer.from('<html>').toString('hex'), undefined],
])('reads %s from protobuf', (_what, hex, count) => {
  expect(rejectedSpans(Buffer.from(hex, 'hex'))).toBe(count);
});

it('throws for no bytes at all', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const count = rejectedSpans(Buffer.from(bytes)) ?? 0;
      expect(count).toBeGreaterThanOrEqual(0);
    }),
  );
});
