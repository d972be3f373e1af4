import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { toXRayTraceId } from '../../../src/observability/amzn-trace-id.ts';
import { type Service, useServices } from '../../helpers/app/service.ts';
import { useDatabase } from '../../helpers/database/databases.ts';
import { freePort } from '../../helpers/network/free-port.ts';
import { traceIdOf } from '../../helpers/network/http-client.ts';
import {
  type Receivers,
  SAMPLE_ALL,
  type SamplingRule,
  startReceivers,
} from '../../helpers/telemetry/receivers.ts';
import { rulesArrived } from '../../helpers/telemetry/sampling-rules.ts';
import { describeRealService } from '../support/describe-real-service.ts';
import { useRealServiceProcesses } from '../support/real-service-process.ts';
import { COLLECTOR, DAEMON, type XrayProgram } from './xray-programs.ts';

const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };
const REGION = 'us-east-1';
/** The SDK sends its statistics every ten seconds. */
const STATISTICS_MS = 30_000;

/** Samples searches only. */
const SEARCHES: readonly SamplingRule[] = [
  { ...SAMPLE_ALL, RuleName: 'searches', Priority: 1, URLPath: '/api/activities/search*' },
  { ...SAMPLE_ALL, RuleName: 'others', Priority: 2, FixedRate: 0, ReservoirSize: 0 },
];

describeRealService('xrayDaemon', 'AWS X-Ray daemon', ({ path }) => testXRayProgram(path, DAEMON));

describeRealService('xrayCollector', "OpenTelemetry Collector in the X-Ray daemon's place", ({ path }) =>
  testXRayProgram(path, COLLECTOR),
);

function testXRayProgram(path: string, program: XrayProgram): void {
  const db = useDatabase('postgres');
  const services = useServices();
  const startRealService = useRealServiceProcesses();
  const closing: Receivers[] = [];
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'cruddur-xray-'));
  });
  afterAll(async () => {
    await Promise.all(closing.map((receivers) => receivers.close()));
    rmSync(folder, { recursive: true });
  });

  async function startChain(
    samplingRules: readonly SamplingRule[],
    host = '127.0.0.1',
    environment: Readonly<Record<string, string>> = {},
  ): Promise<[Service, Receivers]> {
    const receivers = await startReceivers({ samplingRules });
    closing.push(receivers);
    const port = await freePort();
    const address = `${host}:${port}`;
    const file = join(folder, `${port}.yaml`);
    writeFileSync(
      file,
      JSON.stringify(program.configuration(address, { endpoint: receivers.url, region: REGION })),
    );
    await startRealService(path, program.arguments(file, address), {
      port,
      host: host.replace(/^\[(.*)\]$/, '$1'),
      env: CREDENTIALS,
    });
    const service = await services.start({
      ...environment,
      DATABASE_URL: db.url,
      AWS_XRAY_DAEMON_ADDRESS: address,
    });
    await rulesArrived(service, receivers);
    return [service, receivers];
  }

  const xrayIdOf = async (service: Service, target: string) =>
    toXRayTraceId(traceIdOf(await service.ask(target)));

  it.each(['127.0.0.1', '[::1]'])('sends the segment of a request at %s to X-Ray, signed', async (host) => {
    const [service, receivers] = await startChain([SAMPLE_ALL], host);
    const id = await xrayIdOf(service, '/api/activities/home');
    const segment = await receivers.until(() => segmentOf(receivers, id));
    expect(segment).toMatchObject({ name: 'backend-express', http: { response: { status: 200 } } });
    const put = receivers.requests('xray').find(({ path }) => path === '/TraceSegments');
    expect(put?.headers.authorization).toMatch(new RegExp(`^AWS4-HMAC-SHA256 .*/${REGION}/xray/`));
  });

  it('samples by the rule of the service, whatever the Host header, and keeps its name', async () => {
    const rules = [
      { ...SAMPLE_ALL, ServiceName: 'backend-express' },
      { ...SAMPLE_ALL, RuleName: 'Default', Priority: 10_000, FixedRate: 0, ReservoirSize: 0 },
    ];
    const environment = { AWS_XRAY_URL: '*4567-cruddur.example*', ALLOWED_HOSTS: '4567-cruddur.example' };
    const [service, receivers] = await startChain(rules, '127.0.0.1', environment);
    const headers = { host: '4567-cruddur.example' };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => service.ask('/api/activities/home', { headers })),
    );
    for (const answer of answers) {
      const id = toXRayTraceId(traceIdOf(answer));
      const segment = await receivers.until(() => segmentOf(receivers, id));
      expect(segment).toMatchObject({
        name: 'backend-express',
        annotations: { dynamic_name: '4567-cruddur.example' },
      });
    }
  });

  it('passes on the segment of a trace whose id X-Ray would not show', async () => {
    const [service, receivers] = await startChain([SAMPLE_ALL]);
    // With a parent, which becomes part of the link, and without one.
    for (const headers of [
      { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' },
      { 'x-amzn-trace-id': 'Root=1-5759e988-bd862e3fe1be46a994272793' },
    ]) {
      const answer = await service.ask('/api/activities/home', { headers });
      const own = String(answer.headers['x-amzn-trace-id']).replace('Root=', '');
      const segment = await receivers.until(() => segmentOf(receivers, own));
      expect(segment.annotations).toMatchObject({ otel_trace_id: traceIdOf(answer) });
    }
  });

  it('passes on sampling rules, which the service applies, and their statistics', async () => {
    const [service, receivers] = await startChain(SEARCHES);
    await receivers.until(async () => {
      await service.ask('/api/activities/home');
      return receivers.sampling.statistics().some(({ RuleName }) => RuleName === 'others');
    }, STATISTICS_MS);

    const unsampled: string[] = [];
    for (let i = 0; i < 20; i += 1) unsampled.push(await xrayIdOf(service, '/api/activities/home'));
    const sampled = await xrayIdOf(service, '/api/activities/search?term=fun');
    await receivers.until(() => segmentOf(receivers, sampled));
    expect(unsampled.filter((id) => segmentOf(receivers, id))).toEqual([]);
  });
}

function segmentOf(receivers: Receivers, id: string) {
  return receivers.segments().find(({ trace_id }) => trace_id === id);
}
