import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toXRayTraceId } from '../../src/observability/amzn-trace-id.ts';
import { type Service, useServices } from '../helpers/app/service.ts';
import { useDatabase } from '../helpers/database/databases.ts';
import { type Answer, traceIdOf } from '../helpers/network/http-client.ts';
import { SAMPLE_ALL, startReceivers } from '../helpers/telemetry/receivers.ts';
import { rulesArrived } from '../helpers/telemetry/sampling-rules.ts';

const HOME = '/api/activities/home';
const SAMPLE_NONE = { ...SAMPLE_ALL, RuleName: 'none', FixedRate: 0, ReservoirSize: 0 };
const QUARTER = { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.25' };

const outsiders = await startReceivers({ samplingRules: [SAMPLE_NONE] });
const proxied = await startReceivers({ samplingRules: [SAMPLE_NONE] });
afterAll(() => Promise.all([outsiders.close(), proxied.close()]));
const db = useDatabase('postgres');
const services = useServices();

describe.concurrent('a caller that TRUST_PROXY does not trust', () => {
  const ASKED = 120;
  let wanted: Answer[];
  let unwanted: Answer[];

  beforeAll(async () => {
    const service = await services.start({
      ...outsiders.environment,
      ...QUARTER,
      DATABASE_URL: db.url,
      TRUST_PROXY: '198.51.100.0/24',
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

describe.concurrent('a proxy that TRUST_PROXY trusts', () => {
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

  it('decides whether spans are sampled', () => {
    const ids = new Set(proxied.spans().map(({ traceId }) => traceId));
    expect(ids).toEqual(new Set(wanted.map(traceIdOf)));
    expect(unwanted.filter(isRecorded)).toEqual([]);
  });

  it('decides whether segments are sampled', () => {
    const ids = new Set(proxied.segments().map(({ trace_id }) => trace_id));
    expect(ids).toEqual(new Set(wanted.map((answer) => toXRayTraceId(traceIdOf(answer)))));
  });
});

/** Sends requests with new trace ids and the sampling decision in both headers. */
async function askWith(service: Service, count: number, decision: 0 | 1): Promise<Answer[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const id = Math.floor(Date.now() / 1000).toString(16) + randomBytes(12).toString('hex');
      const parent = randomBytes(8).toString('hex');
      const headers = {
        traceparent: `00-${id}-${parent}-0${decision}`,
        'x-amzn-trace-id': `Root=${toXRayTraceId(id)};Parent=${parent};Sampled=${decision}`,
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
