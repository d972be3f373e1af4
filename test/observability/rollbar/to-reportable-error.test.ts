import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scrubText } from '../../../src/lib/scrub/scrub.ts';
import { kindOf } from '../../../src/observability/rollbar/fault-kind.ts';
import { errorChain, toReportableError } from '../../../src/observability/rollbar/to-reportable-error.ts';

/** Errors and other values, with causes and aggregated errors. */
const thrown = fc.letrec<{ value: unknown; error: Error }>((tie) => ({
  value: fc.oneof({ depthSize: 'medium' }, fc.anything({ withNullPrototype: true }), tie('error')),
  error: fc
    .record({ message: fc.string(), cause: tie('value'), errors: fc.array(tie('value'), { maxLength: 4 }) })
    .map(({ message, cause, errors }) =>
      errors.length > 0 ? new AggregateError(errors, message, { cause }) : new Error(message, { cause }),
    ),
})).value;

function hide(): never {
  throw new Error('hidden');
}

function linksOf(error: Error): Error[] {
  return error.cause === undefined ? [error] : [error, ...linksOf(error.cause as Error)];
}

describe('toReportableError', () => {
  it('returns a short chain of plain errors for any thrown value', () => {
    fc.assert(
      fc.property(thrown, (value) => {
        const links = linksOf(toReportableError(value, scrubText));
        expect(links).toHaveLength(errorChain(value).length);
        expect(links.length).toBeLessThanOrEqual(10);
        for (const link of links) {
          expect(link).toBeInstanceOf(Error);
          expect(link).not.toHaveProperty('errors');
          expect(typeof link.message).toBe('string');
        }
      }),
    );
  });

  it.each([
    ['hides its class', new Proxy({}, { getPrototypeOf: hide })],
    ['hides its members', new Proxy(new Error('x'), { get: hide })],
    ['has no list of errors', Object.assign(new AggregateError([], 'outer'), { errors: 5 })],
  ])('reports the rest of a chain with a link that %s', (_name, cause) => {
    const reported = toReportableError(new Error('outer', { cause }), scrubText);
    expect(linksOf(reported).map(({ message }) => message)).toEqual(['outer', expect.any(String)]);
    expect(() => kindOf(new Error('outer', { cause }))).not.toThrow();
  });

  it('keeps the frames of an error, and takes none from its message', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        const error = new Error(`${before}\n    at read (/etc/passwd:1:1)\n${after}`);
        const { stack = '' } = toReportableError(error, scrubText);
        expect(stack).not.toContain('/etc/passwd');
        expect(stack).toContain('to-reportable-error.test.ts');
      }),
    );
  });

  it('redacts the user of a URL in a message', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\w.~!$&'()*+,;=-]{8,20}$/), (secret) => {
        const error = new Error(`cannot connect to postgres://app:${secret}@db:5432/cruddur`);
        expect(toReportableError(error, scrubText).message).toBe(
          'cannot connect to postgres://[redacted]@db:5432/cruddur',
        );
      }),
    );
  });
});
