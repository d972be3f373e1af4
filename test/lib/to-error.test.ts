import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toError } from '../../src/lib/to-error.ts';

describe('toError', () => {
  it('returns an error as it is', () => {
    const error = new TypeError('x', { cause: 1 });
    expect(toError(error)).toBe(error);
  });

  it('keeps what can be read of an error with a member that throws', () => {
    const cause = new Error('inner');
    const broken = Object.defineProperty(new RangeError('x', { cause }), 'code', {
      get: () => {
        throw new Error('hidden');
      },
    });
    const error = toError(broken);
    expect(error).toMatchObject({ name: 'RangeError', message: 'x', cause, stack: broken.stack });
    expect(error).not.toBe(broken);
  });

  it('returns a readable error for anything', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true }), (value) => {
        const { name, message, stack } = toError(value);
        expect([typeof name, typeof message, typeof stack]).toEqual(['string', 'string', 'string']);
      }),
    );
  });
});
