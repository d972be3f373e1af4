import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toXRayTraceId } from '../../../src/observability/amzn-trace-id.ts';
import { type Service, useServices } from '../../helpers/app/service.ts';
import { useDatabase } from '../../helpers/database/databases.ts';
import { type Answer, traceIdOf } from '../../helpers/network/http-client.ts';
import { SAMPLE_ALL, startReceivers } from '../../helpers/telemetry/receivers.ts';
import { rulesArrived } from '../../helpers/telemetry/sampling-rules.ts';

const HOME = '/api/activities/home';
const SAMPLE_NONE = { ...SAMPLE_ALL, RuleName: 'none', FixedRate: 0, ReservoirSize: 0 };
const QUARTER = { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.25' };

const outsiders = await startReceivers({ samplingRules: [SAMPLE_NONE] });
const proxied = await startReceivers({ samplingRules: [SAMPLE_NONE] });
const everyone = await startReceivers({ samplingRules: [SAMPLE_NONE] });
afterAll(() => Promise.all([outsiders.close(), proxied.close(), everyone.close()]));
const db = useDatabase('postgres');
const services = useServices();

describe.concurrent('a caller that no list of TRUST_PROXY holds', () => {
  const ASKED = 120;
  let wanted: Answer[];
  let unwanted: Answer[];

  beforeAll(async () => {
    const service = await services.start({
      ...outsiders.environment,
      ...QUARTER,
      DATABASE_URL: db.url,
      // A number of proxies lists no addresses.
      TRUST_PROXY: '1',
    });
    await rulesArrived(service, outsiders);
    wanted = await askWith(service, ASKED, 1);
    unwanted = await askWith(service, ASKED, 0);
    await service.stop();
  });

  it('sets the trace id', () => {
    for (const answer of [...wanted, ...unwanted]) expect(answer).toMatchObject({ status: 200 });
    const known = outsiders.logEvents().map(({ fields }) => fields.trace_id);
    expect(new Set([...wanted, ...unwanted].map(traceIdOf)).isSubsetOf(new Set(known))).toBe(true);
  });

  it.each([
    ['forces', () => wanted],
    ['prevents', () => unwanted],
  ])('%s no span by its flag: the ratio decides', (_what, answers) => {
    const sampled = answers().filter(isRecorded);
    expect(sampled.length).toBeGreaterThan(ASKED * 0.04);
    expect(sampled.length).toBeLessThan(ASKED * 0.55);
    const ids = new Set(outsiders.spans().map(({ traceId }) => traceId));
    expect(answers().filter((answer) => ids.has(traceIdOf(answer)))).toEqual(sampled);
  });

  it('forces no segment by Sampled=1: the rule decides', () => {
    expect(outsiders.segments()).toEqual([]);
  });

  it('gets complete traces, each span with its sample rate', () => {
    const traces = [...Map.groupBy(outsiders.spans(), ({ traceId }) => traceId).values()];
    for (const spans of traces) {
      expect(spans).toHaveLength(3);
      for (const { attributes } of spans) expect(attributes.SampleRate).toBe(4);
    }
  });
});

/** Every address of these is in the list. */
const TRUSTED = { TRUST_PROXY: 'loopback,10.0.0.0/8' };
const WAYS: readonly (readonly [string, string | undefined])[] = [
  ['a proxy that names no origin', undefined],
  ['an outsider', '203.0.113.9'],
  ['an outsider through two proxies', '203.0.113.9, 10.1.2.3'],
  ['an outsider who forges an origin', '10.1.2.3, 203.0.113.9'],
  ['an origin that is no address', 'unknown'],
];

describe.concurrent('where TRUST_PROXY lists the proxies', () => {
  let wanted: Answer[];
  let unwanted: Answer[];
  const forced = new Map<string, Answer[]>();

  beforeAll(async () => {
    const service = await services.start({
      ...proxied.environment,
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0',
      DATABASE_URL: db.url,
      ...TRUSTED,
    });
    await rulesArrived(service, proxied);
    wanted = await askWith(service, 20, 1, '10.1.2.3, 10.1.2.4');
    unwanted = await askWith(service, 20, 0, '10.1.2.3');
    for (const [name, way] of WAYS) forced.set(name, await askWith(service, 20, 1, way));
    await service.stop();
  });

  it('an origin in the list decides whether spans are sampled', () => {
    const ids = new Set(proxied.spans().map(({ traceId }) => traceId));
    expect(ids).toEqual(new Set(wanted.map(traceIdOf)));
    expect(wanted.filter(isRecorded)).toHaveLength(20);
    expect(unwanted.filter(isRecorded)).toEqual([]);
  });

  it('an origin in the list decides whether segments are sampled', () => {
    const ids = new Set(proxied.segments().map(({ trace_id }) => trace_id));
    expect(ids).toEqual(new Set(wanted.map((answer) => toXRayTraceId(traceIdOf(answer)))));
  });

  it('spans that an origin wanted have no sample rate: no ratio of ours decided', () => {
    expect(proxied.spans()).toHaveLength(60);
    for (const { attributes } of proxied.spans()) expect(attributes).not.toHaveProperty('SampleRate');
  });

  it.each(WAYS)('%s forces nothing at a rate of 0 (%s)', (name) => {
    expect(forced.get(name)?.filter(isRecorded)).toEqual([]);
  });
});

describe.concurrent('with TRUST_TRACE_SAMPLING', () => {
  it('any caller decides', async () => {
    const service = await services.start({
      ...everyone.environment,
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0',
      DATABASE_URL: db.url,
      TRUST_TRACE_SAMPLING: 'true',
    });
    await rulesArrived(service, everyone);
    const wanted = await askWith(service, 3, 1);
    await askWith(service, 3, 0);
    await service.stop();
    const ids = wanted.map(traceIdOf);
    expect(new Set(everyone.spans().map(({ traceId }) => traceId))).toEqual(new Set(ids));
    expect(new Set(everyone.segments().map(({ trace_id }) => trace_id))).toEqual(
      new Set(ids.map(toXRayTraceId)),
    );
  });
});

/** Sends requests with new trace ids and the sampling decision in both headers. */
async function askWith(
  service: Service,
  count: number,
  decision: 0 | 1,
  forwardedFor?: string,
): Promise<Answer[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const id = Math.floor(Date.now() / 1000).toString(16) + randomBytes(12).toString('hex');
      const parent = randomBytes(8).toString('hex');
      const headers = {
        traceparent: `00-${id}-${parent}-0${decision}`,
        'x-amzn-trace-id': `Root=${toXRayTraceId(id)};Parent=${parent};Sampled=${decision}`,
        ...(forwardedFor !== undefined && { 'x-forwarded-for': forwardedFor }),
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
