import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toXRayTraceId } from '../../../src/observability/amzn-trace-id.ts';
import { useServices } from '../../helpers/app/service.ts';
import { useDatabase } from '../../helpers/database/databases.ts';
import { type Answer, traceIdOf } from '../../helpers/network/http-client.ts';
import { startReceivers } from '../../helpers/telemetry/receivers.ts';
import { rulesArrived } from '../../helpers/telemetry/sampling-rules.ts';

const HOME = '/api/activities/home';

const receivers = await startReceivers();
afterAll(receivers.close);
const db = useDatabase('postgres');
const services = useServices();

const isRecent = (hexSeconds: string) => Math.abs(Number.parseInt(hexSeconds, 16) - Date.now() / 1000) < 90;
const toRoot = (id: string) => `Root=${toXRayTraceId(id)}`;

describe('answer, spans, segment and lines have the same trace id for any headers', () => {
  const id = Math.floor(Date.now() / 1000).toString(16) + randomBytes(12).toString('hex');
  const foreign = '4bf92f3577b34da6a3ce929d0e0e4736';
  const old = '5759e988bd862e3fe1be46a994272793';
  const parent = '00f067aa0ba902b7';
  const zeros = '0'.repeat(32);
  const theirs = [
    ['a traceparent', { traceparent: `00-${id}-${parent}-01` }, id, parent],
    [
      'a traceparent whose id does not begin with a time',
      { traceparent: `00-${foreign}-${parent}-01` },
      foreign,
      parent,
    ],
    ['an old Root alone', { 'x-amzn-trace-id': toRoot(old) }, old, undefined],
    ['an old Root and Parent', { 'x-amzn-trace-id': `${toRoot(old)};Parent=${parent}` }, old, parent],
    ['a traceparent that is not sampled', { traceparent: `00-${id}-${parent}-00` }, id, parent],
    ['Root alone, as a load balancer sends it', { 'x-amzn-trace-id': toRoot(id) }, id, undefined],
    ['Root and Parent', { 'x-amzn-trace-id': `${toRoot(id)};Parent=${parent}` }, id, parent],
    [
      'Root, Parent and Sampled=1',
      { 'x-amzn-trace-id': `${toRoot(id)};Parent=${parent};Sampled=1` },
      id,
      parent,
    ],
    [
      'Root, Parent and Sampled=0',
      { 'x-amzn-trace-id': `${toRoot(id)};Parent=${parent};Sampled=0` },
      id,
      parent,
    ],
    ['a Root in upper case', { 'x-amzn-trace-id': `Root=${toXRayTraceId(id).toUpperCase()}` }, id, undefined],
    [
      'both headers: the traceparent wins',
      {
        traceparent: `00-${foreign}-${parent}-01`,
        'x-amzn-trace-id': `${toRoot(id)};Parent=53995c3f42cd8ad8`,
      },
      foreign,
      parent,
    ],
    [
      'a malformed traceparent beside a Root',
      { traceparent: '00-1-2-3', 'x-amzn-trace-id': toRoot(id) },
      id,
      undefined,
    ],
  ] as const;
  const ours: readonly (readonly [string, Record<string, string | string[]>])[] = [
    ['no header', {}],
    ['an empty one', { traceparent: '', 'x-amzn-trace-id': '' }],
    ['a malformed traceparent', { traceparent: `00-${id}-xyz-01` }],
    ['a traceparent in upper case', { traceparent: `00-${foreign}-${parent}-01`.toUpperCase() }],
    ['a traceparent of zeros', { traceparent: `00-${zeros}-${parent}-01` }],
    ['a traceparent twice', { traceparent: [`00-${id}-${parent}-01`, `00-${foreign}-${parent}-01`] }],
    ['a traceparent of 8 kB', { traceparent: `00-${id}-${parent}-01${'-0'.repeat(4000)}` }],
    ['a malformed Root', { 'x-amzn-trace-id': `Root=${id};Parent=${parent};Sampled=1` }],
    ['a Root that is too long', { 'x-amzn-trace-id': `${toRoot(id)}${'A'.repeat(50)};Sampled=1` }],
    ['a Root of zeros', { 'x-amzn-trace-id': toRoot(zeros) }],
    ['two Roots', { 'x-amzn-trace-id': [toRoot(id), toRoot(foreign)] }],
    ['a Root of 8 kB', { 'x-amzn-trace-id': `${toRoot(id)};Self=${'1'.repeat(8000)}` }],
  ];
  const answers = new Map<string, Answer>();
  let reported: Answer;

  beforeAll(async () => {
    const service = await services.start({ ...receivers.environment, DATABASE_URL: db.url });
    await rulesArrived(service, receivers);
    await Promise.all(
      [...theirs, ...ours].map(async ([name, headers], index) => {
        answers.set(name, await service.ask(`${HOME}?case=${index}`, { headers }));
      }),
    );
    reported = await service.ask('/rollbar/test', { headers: { traceparent: `00-${foreign}-${parent}-01` } });
    expect(await service.stop()).toMatchObject({ code: 0 });
  });

  /**
   * Checks that all systems agree on a case's trace id. Returns it with the parents in Honeycomb and X-Ray.
   */
  function agreedIds(name: string) {
    const answer = answers.get(name) as Answer;
    expect(answer.status).toBe(200);
    const index = [...theirs, ...ours].findIndex(([each]) => each === name);
    const traceId = traceIdOf(answer);
    const xrayTraceId = String(answer.headers['x-amzn-trace-id']).replace('Root=', '');
    const [request, ...otherRequests] = receivers
      .spans()
      .filter(({ attributes }) => attributes['url.query'] === `case=${index}`);
    expect(otherRequests).toEqual([]);
    expect(request?.traceId).toBe(traceId);
    const useCase = receivers.spans().find(({ parentSpanId }) => parentSpanId === request?.spanId);
    expect(useCase).toMatchObject({ traceId, name: 'home-activities' });
    const segments = receivers
      .segments()
      .filter(({ http }) => String(http?.request?.url).endsWith(`?case=${index}`));
    expect(segments.map(({ trace_id }) => trace_id)).toEqual([xrayTraceId]);
    const line = receivers.logEvents().find(({ fields }) => fields.full_path === `${HOME}?case=${index}`);
    expect(line?.fields).toMatchObject({
      trace_id: traceId,
      span_id: request?.spanId,
      xray_trace_id: xrayTraceId,
    });
    const ids = { traceId, spanParent: request?.parentSpanId, segmentParent: segments[0]?.parent_id };
    return { ids, xrayTraceId, segment: segments[0] };
  }

  it.each(theirs)('uses the id of the caller: %s', (name, headers, traceId, spanParent) => {
    const isInXRay = traceId === id && !('traceparent' in headers);
    const segmentParent = isInXRay ? spanParent : undefined;
    const { ids, xrayTraceId, segment } = agreedIds(name);
    expect(ids).toEqual({ traceId, spanParent, segmentParent });
    if (traceId === id) {
      expect(xrayTraceId).toBe(toXRayTraceId(id));
      expect(segment).not.toHaveProperty('links');
      return;
    }
    expect(isRecent(xrayTraceId.slice(2, 10))).toBe(true);
    expect(segment?.annotations).toMatchObject({ otel_trace_id: traceId });
    expect(segment?.links).toEqual([{ trace_id: toXRayTraceId(traceId), id: spanParent }]);
  });

  it.each(ours)('makes a new id: %s', (name, headers) => {
    const { ids, xrayTraceId } = agreedIds(name);
    expect(ids).toEqual({ traceId: ids.traceId });
    expect(xrayTraceId).toBe(toXRayTraceId(ids.traceId));
    expect(JSON.stringify(headers)).not.toContain(ids.traceId);
    expect(isRecent(ids.traceId.slice(0, 8))).toBe(true);
  });

  it('reports to Rollbar with the id that X-Ray has', () => {
    expect(receivers.reports()[0]?.custom).toMatchObject({
      trace_id: foreign,
      xray_trace_id: String(reported.headers['x-amzn-trace-id']).replace('Root=', ''),
    });
  });

  it('sends no trace headers to the four systems', () => {
    expect(new Set(receivers.requests().map(({ protocol }) => protocol)).size).toBe(4);
    for (const { headers } of receivers.requests())
      expect(JSON.stringify(headers)).not.toMatch(/traceparent|tracestate|amzn-trace/i);
  });

  it('gives the requests of a trace whose id begins with no time the same id in X-Ray', () => {
    const xrayIds = theirs
      .filter(([, , traceId]) => traceId === foreign)
      .map(([name]) => agreedIds(name).xrayTraceId);
    expect(xrayIds.length).toBeGreaterThan(1);
    expect(new Set(xrayIds).size).toBe(1);
  });
});
