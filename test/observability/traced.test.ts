import { context, ROOT_CONTEXT, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HttpError, NotFound, Unavailable, ValidationFailure } from '../../src/lib/errors.ts';
import { type TracedSpan, traced, tracedPage } from '../../src/observability/traced.ts';
import { ISO_TIME } from '../helpers/iso-time.ts';
import { inRequest } from '../helpers/telemetry/traced-request.ts';

/** The records of both systems for work that throws `error`. */
async function afterThrowing(error: unknown) {
  const { result, spans, subsegments } = await inRequest(() =>
    traced('home-activities', {}, () => Promise.reject(error)),
  );
  return { result, span: spans[0], subsegment: subsegments[0] };
}

describe('traced work that fails', () => {
  it.each([
    new NotFound('no such activity'),
    new ValidationFailure('message_blank'),
    new HttpError(499, 'gone'),
  ])('by an error of the caller is no fault: %o', async (error) => {
    const { result, span, subsegment } = await afterThrowing(error);
    expect(result).toEqual({ status: 'rejected', reason: error });
    expect(span).toMatchObject({ status: { code: SpanStatusCode.UNSET }, attributes: {}, events: [] });
    expect(subsegment).not.toHaveProperty('fault');
    expect(subsegment).not.toHaveProperty('cause');
  });

  it.each([
    [new TypeError('x is not a function'), 'TypeError', 'x is not a function'],
    [new HttpError(500, 'out of order'), 'HttpError', 'out of order'],
    [new Unavailable('no database', new Error('connect ECONNREFUSED')), 'Unavailable', 'no database'],
    ['a string', 'Error', 'a string'],
    [undefined, 'Error', 'undefined'],
  ])('by %o is a fault', async (error, type, message) => {
    const { result, span, subsegment } = await afterThrowing(error);
    expect(result).toEqual({ status: 'rejected', reason: error });
    expect(span?.status).toEqual({ code: SpanStatusCode.ERROR, message });
    expect(span?.attributes).toEqual({ 'app.now': ISO_TIME, 'error.type': type });
    expect(subsegment).toMatchObject({ fault: true, cause: { exceptions: [{ type, message }] } });
  });

  it('rethrows the same value, whatever it is', async () => {
    const hostile = {
      [Symbol.for('nodejs.util.inspect.custom')]: () => {
        throw new Error('hostile');
      },
    };
    const anything = fc.oneof(fc.anything({ withNullPrototype: true }), fc.constant(hostile));
    await fc.assert(
      fc.asyncProperty(anything, async (value) => {
        const { result, span, subsegment } = await afterThrowing(value);
        expect(Object.is((result as PromiseRejectedResult).reason, value)).toBe(true);
        expect(span?.status.code).toBe(SpanStatusCode.ERROR);
        expect(subsegment).toMatchObject({ fault: true });
      }),
    );
  });

  it('rejects also when the work throws synchronously', async () => {
    const error = new Error('at once');
    const { result, span } = await afterThrowing(error);
    const { result: sync, spans } = await inRequest(() =>
      traced('home-activities', {}, () => {
        throw error;
      }),
    );
    expect(sync).toEqual(result);
    expect(spans[0]?.status).toEqual(span?.status);
  });
});

describe('traced work', () => {
  const ATTRIBUTES = { 'app.ids': ['a', 'b'] };
  const work = async (span: TracedSpan) => {
    span.setAttributes({ 'app.result_length': 3, 'app.found': true });
    span.setMetadata('page', { limit: 20 });
    return 'result';
  };

  it('records the same in both systems, except attributes that X-Ray cannot index', async () => {
    const { result, request, spans, subsegments } = await inRequest(() =>
      traced('home-activities', ATTRIBUTES, work),
    );
    expect(result).toEqual({ status: 'fulfilled', value: 'result' });
    expect(spans).toHaveLength(1);
    expect(spans[0]).toMatchObject({
      name: 'home-activities',
      kind: SpanKind.INTERNAL,
      instrumentationScope: { name: 'home.activities' },
      parentSpanContext: { spanId: request.spanContext().spanId },
      attributes: { ...ATTRIBUTES, 'app.now': ISO_TIME, 'app.result_length': 3, 'app.found': true },
    });
    expect(subsegments).toHaveLength(1);
    expect(subsegments[0]?.toJSON()).toMatchObject({
      name: 'home-activities',
      annotations: { app_now: spans[0]?.attributes['app.now'], app_result_length: 3, app_found: true },
      metadata: { cruddur: { page: { limit: 20 } } },
    });
    expect(subsegments[0]?.toJSON().annotations).not.toHaveProperty('app_ids');
  });

  it.each([
    [{ openTelemetry: true, xray: false }, 1, 0],
    [{ openTelemetry: false, xray: true }, 0, 1],
    [{ openTelemetry: false, xray: false }, 0, 0],
  ])('runs with sampling %o: %d span, %d subsegment', async (by, spanCount, subsegmentCount) => {
    const { result, spans, subsegments } = await inRequest(() => traced('messages', ATTRIBUTES, work), by);
    expect(result).toEqual({ status: 'fulfilled', value: 'result' });
    expect(spans).toHaveLength(spanCount);
    expect(subsegments).toHaveLength(subsegmentCount);
  });

  it('outside a request starts no trace', async () => {
    const outside = () => context.with(ROOT_CONTEXT, () => traced('messages', ATTRIBUTES, work));
    const { result, spans, subsegments } = await inRequest(outside);
    expect(result).toEqual({ status: 'fulfilled', value: 'result' });
    expect({ spans, subsegments }).toEqual({ spans: [], subsegments: [] });
  });
});

describe('a traced page', () => {
  const before = { createdAt: '2026-11-22T00:00:00.000Z', uuid: 'b' };
  const next = { createdAt: '2026-11-21T00:00:00.000Z', uuid: 'a' };

  it('carries its limit, its number of rows and its cursors', async () => {
    const page = { rows: ['first', 'second'], next };
    const { result, spans, subsegments } = await inRequest(() =>
      tracedPage('messages', { limit: 2, before }, { 'app.search_term_length': 3 }, async (span) => {
        span.setAttributes({ 'app.user_handle': 'bayko' });
        return page;
      }),
    );
    expect(result).toEqual({ status: 'fulfilled', value: page });
    expect(Object.entries(spans[0]?.attributes ?? {})).toEqual([
      ['app.now', ISO_TIME],
      ['app.page_limit', 2],
      ['app.search_term_length', 3],
      ['app.user_handle', 'bayko'],
      ['app.result_length', 2],
    ]);
    expect(subsegments[0]?.toJSON().metadata).toEqual({ cruddur: { page: { before, next } } });
  });

  it('that fails carries no result', async () => {
    const { spans, subsegments } = await inRequest(() =>
      tracedPage('messages', { limit: 2 }, {}, () => Promise.reject(new NotFound('nobody'))),
    );
    expect(spans[0]?.attributes).toEqual({ 'app.now': ISO_TIME, 'app.page_limit': 2 });
    expect(subsegments[0]).not.toHaveProperty('metadata');
  });
});
