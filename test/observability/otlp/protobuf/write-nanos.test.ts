import fc from 'fast-check';
import { expect, it } from 'vitest';
import { writeNanos } from '../../../../src/observability/otlp/protobuf/write-nanos.ts';

it('equals the exact product, for any time', () => {
  const seconds = fc.oneof(fc.nat(), fc.integer({ min: 2 ** 31, max: 2 ** 33 }), fc.integer({ max: -1 }));
  const nanoseconds = fc.oneof(fc.nat({ max: 999_999_999 }), fc.integer());
  fc.assert(
    fc.property(seconds, nanoseconds, (seconds, nanoseconds) => {
      const bytes = Buffer.alloc(8);
      writeNanos(bytes, 0, [seconds, nanoseconds]);
      const exact = BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);
      expect(bytes.readBigUInt64LE()).toBe(BigInt.asUintN(64, exact));
    }),
  );
});
