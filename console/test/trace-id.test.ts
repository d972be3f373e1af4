import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toTraceId, traceIdOfFields, traceIdOfText } from '../src/trace-id.ts';

const ID = '58406520a006649127e371903a2de979';
const XRAY_ID = '1-58406520-a006649127e371903a2de979';

describe('a trace id', () => {
  it.each([
    ['W3C hex', ID],
    ['upper-case hex', ID.toUpperCase()],
    ['X-Ray', XRAY_ID],
    ['a traceparent', `00-${ID}-53995c3f42cd8ad8-01`],
    ['an X-Amzn-Trace-Id', `Root=${XRAY_ID};Parent=53995c3f42cd8ad8;Sampled=1`],
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

  it.each([['0'.repeat(32)], [`${ID}0`], ['1-58406520-a006'], [''], [undefined], [17], [{}]])(
    'is not found in %j',
    (value) => {
      expect(toTraceId(value)).toBeUndefined();
    },
  );

  it('is found in the fields that loggers use', () => {
    expect(traceIdOfFields({ message: 'x', trace_id: ID })).toBe(ID);
    expect(traceIdOfFields({ xray_trace_id: XRAY_ID })).toBe(ID);
    expect(traceIdOfFields({ trace_id: 'none', traceId: ID })).toBe(ID);
    expect(traceIdOfFields({ full_path: `/?trace_id=${ID}` })).toBeUndefined();
  });

  it('is found in plain lines', () => {
    expect(traceIdOfText(`INFO done trace_id=${ID} span_id=1`)).toBe(ID);
    expect(traceIdOfText(`GET / AWS-XRAY-TRACE-ID: ${XRAY_ID}@53995c3f42cd8ad8`)).toBe(ID);
    expect(traceIdOfText(`commit ${ID}`)).toBeUndefined();
  });
});
