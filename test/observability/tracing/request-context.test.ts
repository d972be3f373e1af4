import { createContextKey, ROOT_CONTEXT } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { withLightRoot } from '../../../src/observability/tracing/request-context.ts';

const A = createContextKey('a');
const B = createContextKey('b');

describe('a context of a request', () => {
  const root = withLightRoot(ROOT_CONTEXT);

  it('has the values of the context that it was made from, and its own', () => {
    const context = root.setValue(A, 1).setValue(B, 2);
    expect([context.getValue(A), context.getValue(B)]).toEqual([1, 2]);
    expect(context.setValue(A, 3).getValue(A)).toBe(3);
    expect(context.deleteValue(A).getValue(A)).toBeUndefined();
    expect(context.deleteValue(A).getValue(B)).toBe(2);
  });

  it('is never changed', () => {
    const context = root.setValue(A, 1);
    context.setValue(A, 2);
    context.deleteValue(A);
    expect(context.getValue(A)).toBe(1);
    expect([root.getValue(A), ROOT_CONTEXT.getValue(A)]).toEqual([undefined, undefined]);
  });

  it('takes the place of the root context only', () => {
    const other = ROOT_CONTEXT.setValue(A, 1);
    expect(withLightRoot(other)).toBe(other);
    expect(withLightRoot(root)).toBe(root);
    expect(root).not.toBe(ROOT_CONTEXT);
  });
});
