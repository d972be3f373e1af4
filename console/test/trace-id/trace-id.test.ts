import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toTraceId } from '../../src/trace-id/trace-id.ts';

const ID = '58406520a006649127e371903a2de979';
const XRAY_ID = '1-58406520-a006649127e371903a2de979';

describe('a trace id', () => {
  it.each([
    ['W3C hex', ID],
    ['upper-case hex', ID.toUpperCase()],
    ['X-Ray', XRAY_ID],
    ['a traceparent', `00-${ID}-53995c3f42cd8ad8-01`],
    ['an X-Amzn-Trace-Id', `Root=${XRAY_ID};Parent=53995c3f42cd8ad8;Sampled=1`],
    ['one with Self', `Self=1-00000001-${'1'.repeat(24)};Root=${XRAY_ID};Parent=53995c3f42cd8ad8;Sampled=1`],
    ['one with blanks and lower case', ` self=1-00000001-${'1'.repeat(24)} ; sampled=0 ; root=${XRAY_ID} `],
    ['one with a Lineage', `Root=${XRAY_ID};Parent=53995c3f42cd8ad8;Sampled=0;Lineage=1:a87bd80c:0`],
    ['a UUID', '58406520-a006-6491-27e3-71903a2de979'],
    ['b3', `${ID}-53995c3f42cd8ad8-1`],
    ['uber-trace-id', `${ID}:53995c3f42cd8ad8:0:1`],
    ['Google Cloud', `projects/p/traces/${ID}`],
  ])('is read from %s', (_, form) => {
    expect(toTraceId(form)).toBe(ID);
  });

  it('is the same in both forms, for any id', () => {
    const hex = fc.stringMatching(/^[0-9a-f]{31}[1-9a-f]$/);
    fc.assert(
      fc.property(hex, (id) => {
        expect(toTraceId(id)).toBe(id);
        expect(toTraceId(`1-${id.slice(0, 8)}-${id.slice(8)}`)).toBe(id);
      }),
    );
  });

  it.each([
    ['0'.repeat(32)],
    [`${ID}0`],
    [`ff-${ID}-53995c3f42cd8ad8-01`],
    [`Self=${XRAY_ID};Sampled=1`],
    [`NotRoot=${XRAY_ID}`],
    ['1-58406520-a006'],
    [''],
    [undefined],
    [17],
    [{}],
  ])('is not found in %j', (value) => {
    expect(toTraceId(value)).toBeUndefined();
  });
});
