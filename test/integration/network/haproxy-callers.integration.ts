import { randomBytes } from 'node:crypto';
import { Agent } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { toXRayTraceId } from '../../../src/observability/amzn-trace-id.ts';
import { type Service, useServices } from '../../helpers/app/service.ts';
import { useDatabase } from '../../helpers/database/databases.ts';
import { ask, traceIdOf } from '../../helpers/network/http-client.ts';
import { SAMPLE_ALL, startReceivers } from '../../helpers/telemetry/receivers.ts';
import { rulesArrived } from '../../helpers/telemetry/sampling-rules.ts';
import { until } from '../../helpers/until.ts';
import { describeRealService } from '../support/describe-real-service.ts';
import { useHaproxy } from '../support/haproxy.ts';

const SAMPLE_NONE = { ...SAMPLE_ALL, RuleName: 'none', FixedRate: 0, ReservoirSize: 0 };
const ASKED = 40;

/** haproxy and the trusted client have this address, the outsider another one of the same machine. */
const TRUSTED = '127.0.0.1';
const OUTSIDER = '127.0.0.2';

describeRealService('haproxy', 'A haproxy that appends X-Forwarded-For', ({ path }) => {
  const db = useDatabase('postgres');
  const services = useServices();
  const startHaproxy = useHaproxy(path);
  const receivers = startReceivers({ samplingRules: [SAMPLE_NONE] });
  afterAll(async () => (await receivers).close());
  let service: Service;
  let url: string;

  beforeAll(async () => {
    service = await services.start({
      ...(await receivers).environment,
      DATABASE_URL: db.url,
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0',
      TRUST_PROXY: TRUSTED,
    });
    await rulesArrived(service, await receivers);
    url = await startHaproxy([Number(new URL(service.url).port)], 0);
    await until(async () => (await ask(`${url}/readyz`)).status === 200);
  });

  /** Sends requests from an address, each with a trace of its own that asks to be sampled. */
  async function askFrom(localAddress: string, headers: Readonly<Record<string, string>> = {}) {
    const agent = new Agent({ localAddress });
    const ids: string[] = [];
    for (let n = 0; n < ASKED; n += 1) {
      const id = Math.floor(Date.now() / 1000).toString(16) + randomBytes(12).toString('hex');
      const parent = randomBytes(8).toString('hex');
      const answer = await ask(`${url}/api/activities/home`, {
        agent,
        headers: {
          traceparent: `00-${id}-${parent}-01`,
          'x-amzn-trace-id': `Root=${toXRayTraceId(id)};Parent=${parent};Sampled=1`,
          ...headers,
        },
      });
      expect(answer.status).toBe(200);
      expect(traceIdOf(answer)).toBe(id);
      ids.push(id);
    }
    agent.destroy();
    return ids;
  }

  it('forwards flags that count from a trusted client only, whatever an outsider claims', async () => {
    const outsiders = [
      ...(await askFrom(OUTSIDER)),
      ...(await askFrom(OUTSIDER, { 'x-forwarded-for': TRUSTED })),
      ...(await askFrom(TRUSTED, { 'x-forwarded-for': OUTSIDER })),
    ];
    const trusted = await askFrom(TRUSTED);
    expect(await service.stop()).toMatchObject({ code: 0 });

    const { spans, segments, logEvents } = await receivers;
    const xrayIds = trusted.map(toXRayTraceId);
    expect(new Set(spans().map(({ traceId }) => traceId))).toEqual(new Set(trusted));
    expect(new Set(segments().map(({ trace_id }) => trace_id))).toEqual(new Set(xrayIds));
    for (const { attributes } of spans()) expect(attributes).not.toHaveProperty('SampleRate');
    // Their traces can be found all the same.
    const logged = new Set(logEvents().map(({ fields }) => fields.trace_id));
    expect(new Set(outsiders).isSubsetOf(logged)).toBe(true);
  });
});
