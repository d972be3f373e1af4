import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../helpers/databases.ts';
import { type Answer, traceIdOf } from '../helpers/http-client.ts';
import { SAMPLE_ALL, startReceivers } from '../helpers/receivers.ts';
import { type Service, useServices } from '../helpers/service.ts';

const HOME = '/api/activities/home';
const SAMPLE_NONE = { ...SAMPLE_ALL, RuleName: 'none', FixedRate: 0, ReservoirSize: 0 };
const QUARTER = { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.25' };

const all = await startReceivers();
const outsiders = await startReceivers({ samplingRules: [SAMPLE_NONE] });
const proxied = await startReceivers({ samplingRules: [SAMPLE_NONE] });
afterAll(() => Promise.all([all.close(), outsiders.close(), proxied.close()]));
const db = useDatabase('postgres');
const services = useServices();

const newId = () => Math.floor(Date.now() / 1000).toString(16) + randomBytes(12).toString('hex');
const newSpanId = () => randomBytes(8).toString('hex');
const toRoot = (id: string) => `Root=1-${id.slice(0, 8)}-${id.slice(8)}`;
const toXRay = (id: string) => `1-${id.slice(0, 8)}-${id.slice(8)}`;

describe('whatever headers a caller sends, answer, spans, segment and lines have one id', () => {
  const id = newId();
  const foreign = '4bf92f3577b34da6a3ce929d0e0e4736';
  const parent = '00f067aa0ba902b7';
  const zeros = '0'.repeat(32);
  const theirs = [
    ['a traceparent', { traceparent: `00-${id}-${parent}-01` }, id, parent],
    [
      'a traceparent whose id begins with no time',
      { traceparent: `00-${foreign}-${parent}-01` },
      foreign,
      parent,
    ],
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
    [
      'a Root in upper case',
      { 'x-amzn-trace-id': `Root=1-${id.slice(0, 8)}-${id.slice(8)}`.toUpperCase().replace('ROOT', 'Root') },
      id,
      undefined,
    ],
    [
      'both headers: the traceparent wins',
      { traceparent: `00-${foreign}-${parent}-01`, 'x-amzn-trace-id': `${toRoot(id)};Parent=${newSpanId()}` },
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

  beforeAll(async () => {
    const service = await services.start({ ...all.environment, DATABASE_URL: db.url });
    await Promise.all(
      [...theirs, ...ours].map(async ([name, headers], index) => {
        answers.set(name, await service.ask(`${HOME}?case=${index}`, { headers }));
      }),
    );
    expect(await service.stop()).toMatchObject({ code: 0 });
  });

  /** The id of the answer to a case, and its parent in Honeycomb and X-Ray, once all systems agree. */
  function agreedIds(name: string) {
    const answer = answers.get(name) as Answer;
    expect(answer.status).toBe(200);
    const index = [...theirs, ...ours].findIndex(([each]) => each === name);
    const traceId = traceIdOf(answer);
    expect(answer.headers['x-amzn-trace-id']).toBe(toRoot(traceId));
    const [request, ...otherRequests] = all
      .spans()
      .filter(({ attributes }) => attributes['url.query'] === `case=${index}`);
    expect(otherRequests).toEqual([]);
    expect(request?.traceId).toBe(traceId);
    const useCase = all.spans().find(({ parentSpanId }) => parentSpanId === request?.spanId);
    expect(useCase).toMatchObject({ traceId, name: 'home-activities' });
    const segments = all
      .segments()
      .filter(({ http }) => String(http?.request?.url).endsWith(`?case=${index}`));
    expect(segments.map(({ trace_id }) => trace_id)).toEqual([toXRay(traceId)]);
    const line = all.logEvents().find(({ fields }) => fields.full_path === `${HOME}?case=${index}`);
    expect(line?.fields).toMatchObject({
      trace_id: traceId,
      span_id: request?.spanId,
      xray_trace_id: toXRay(traceId),
    });
    return { traceId, spanParent: request?.parentSpanId, segmentParent: segments[0]?.parent_id };
  }

  it.each(theirs)('the caller’s own: %s', (name, headers, traceId, spanParent) => {
    const segmentParent = 'traceparent' in headers ? undefined : spanParent;
    expect(agreedIds(name)).toEqual({ traceId, spanParent, segmentParent });
  });

  it.each(ours)('a new one: %s', (name, headers) => {
    const { traceId, spanParent, segmentParent } = agreedIds(name);
    expect({ spanParent, segmentParent }).toEqual({});
    expect(JSON.stringify(headers)).not.toContain(traceId);
    expect(Math.abs(Number.parseInt(traceId.slice(0, 8), 16) - Date.now() / 1000)).toBeLessThan(60);
  });

  it('a foreign id can be searched for in X-Ray, where it may stand at the wrong time', () => {
    const [segment] = all.segments().filter(({ trace_id }) => trace_id === toXRay(foreign));
    expect(segment?.annotations).toMatchObject({ otel_trace_id: foreign });
  });
});

describe('a caller from outside', () => {
  const ASKED = 120;
  let wanted: Answer[];
  let unwanted: Answer[];

  beforeAll(async () => {
    const service = await services.start({ ...outsiders.environment, ...QUARTER, DATABASE_URL: db.url });
    await rulesArrived(service, outsiders);
    wanted = await askWith(service, ASKED, 1);
    unwanted = await askWith(service, ASKED, 0);
    await service.stop();
  });

  it('names the trace', () => {
    for (const answer of [...wanted, ...unwanted]) expect(answer).toMatchObject({ status: 200 });
    const known = outsiders.logEvents().map(({ fields }) => fields.trace_id);
    expect(new Set([...wanted, ...unwanted].map(traceIdOf)).isSubsetOf(new Set(known))).toBe(true);
  });

  it.each([
    ['forces', () => wanted],
    ['prevents', () => unwanted],
  ])('%s no span by a flag: the ratio decides, whatever the id', (_what, answers) => {
    const sampled = answers().filter(isRecorded);
    expect(sampled.length).toBeGreaterThan(ASKED * 0.04);
    expect(sampled.length).toBeLessThan(ASKED * 0.55);
    const ids = new Set(outsiders.spans().map(({ traceId }) => traceId));
    expect(answers().filter((answer) => ids.has(traceIdOf(answer)))).toEqual(sampled);
  });

  it('forces no segment by Sampled=1: the rule decides', () => {
    expect(outsiders.segments()).toEqual([]);
  });

  it('leaves whole traces, each span of which says how many it stands for', () => {
    const traces = [...Map.groupBy(outsiders.spans(), ({ traceId }) => traceId).values()];
    for (const spans of traces) {
      expect(spans).toHaveLength(3);
      for (const { attributes } of spans) expect(attributes.SampleRate).toBe(4);
    }
  });
});

describe('a proxy that TRUST_PROXY trusts', () => {
  let wanted: Answer[];
  let unwanted: Answer[];

  beforeAll(async () => {
    const service = await services.start({
      ...proxied.environment,
      ...QUARTER,
      DATABASE_URL: db.url,
      TRUST_PROXY: '1',
    });
    await rulesArrived(service, proxied);
    wanted = await askWith(service, 20, 1);
    unwanted = await askWith(service, 20, 0);
    await service.stop();
  });

  it('decides on the spans', () => {
    const ids = new Set(proxied.spans().map(({ traceId }) => traceId));
    expect(ids).toEqual(new Set(wanted.map(traceIdOf)));
    expect(unwanted.filter(isRecorded)).toEqual([]);
  });

  it('decides on the segments', () => {
    const ids = new Set(proxied.segments().map(({ trace_id }) => trace_id));
    expect(ids).toEqual(new Set(wanted.map((answer) => toXRay(traceIdOf(answer)))));
  });
});

/** Before the daemon has told its rules, one of the service's own decides. */
async function rulesArrived(service: Service, receivers: typeof all): Promise<void> {
  await receivers.until(() => receivers.requests('xray').length > 0);
  await service.ask('/livez');
}

/** Asks under new ids, each with the decision in both headers. */
async function askWith(service: Service, count: number, decision: 0 | 1): Promise<Answer[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const id = newId();
      const parent = newSpanId();
      const headers = {
        traceparent: `00-${id}-${parent}-0${decision}`,
        'x-amzn-trace-id': `${toRoot(id)};Parent=${parent};Sampled=${decision}`,
      };
      const answer = await service.ask(HOME, { headers });
      expect(traceIdOf(answer)).toBe(id);
      return answer;
    }),
  );
}

function isRecorded({ headers }: Answer): boolean {
  return String(headers.traceresponse).endsWith('-01');
}
