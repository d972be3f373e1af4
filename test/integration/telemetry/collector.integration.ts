import { afterAll, beforeAll, expect, it } from 'vitest';
import { rejectedSpans } from '../../../src/observability/otlp/rejected-spans.ts';
import { useServices } from '../../helpers/app/service.ts';
import { useDatabase } from '../../helpers/database/databases.ts';
import { freePort } from '../../helpers/network/free-port.ts';
import { traceIdOf } from '../../helpers/network/http-client.ts';
import { type Receivers, type Span, startReceivers } from '../../helpers/telemetry/receivers.ts';
import { until } from '../../helpers/until.ts';
import { describeRealService } from '../support/describe-real-service.ts';
import { useRealServiceProcesses } from '../support/real-service-process.ts';

/** Receives OTLP on the port and exports it to `receivers`. */
function configuration(port: number, receivers: Receivers): string {
  return JSON.stringify({
    receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${port}` } } } },
    exporters: { otlphttp: { endpoint: receivers.url, encoding: 'json', sending_queue: { enabled: false } } },
    service: {
      telemetry: { metrics: { level: 'none' } },
      pipelines: { traces: { receivers: ['otlp'], exporters: ['otlphttp'] } },
    },
  });
}

function spansOf({ spans }: Receivers, traceId: string): Span[] {
  return spans()
    .filter((span) => span.traceId === traceId)
    .toSorted((a, b) => a.spanId.localeCompare(b.spanId));
}

describeRealService('collector', 'OpenTelemetry Collector', ({ path }) => {
  const db = useDatabase('postgres');
  const services = useServices();
  const startRealService = useRealServiceProcesses();
  let behind: Receivers;
  let direct: Receivers;
  let port: number;
  let collector: Awaited<ReturnType<typeof startRealService>>;

  const start = () => startRealService(path, [`--config=yaml:${configuration(port, behind)}`], { port });
  beforeAll(async () => {
    [behind, direct, port] = await Promise.all([startReceivers(), startReceivers(), freePort()]);
    collector = await start();
  });
  afterAll(() => Promise.all([behind.close(), direct.close()]));

  it('exports each span as the service sends it directly', async () => {
    const service = await services.start({ DATABASE_URL: db.url, OTEL_EXPORTER_OTLP_ENDPOINT: direct.url });
    const body = { message: 'Shields up! @worf', ttl: '1-hour' };
    const ids = [
      await service.ask('/api/activities/home'),
      await service.ask('/api/activities/@nobody'),
      await service.ask('/api/activities/search?term=fun'),
      await service.ask('/api/activities', { body }),
    ].map(traceIdOf);
    await service.stop();

    for (const { path, headers, body } of direct.requests('otlp')) {
      const own = { 'content-type': String(headers['content-type']) };
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers: own, body });
      const rejected = rejectedSpans(Buffer.from(await answer.arrayBuffer()));
      expect({ status: answer.status, rejected }).toEqual({ status: 200, rejected: 0 });
    }
    for (const id of ids) {
      expect(spansOf(direct, id).length).toBeGreaterThan(1);
      expect(spansOf(behind, id)).toEqual(spansOf(direct, id));
    }
  });

  it("replaces X-Ray's OTLP endpoint, unsigned, with the trace id that Honeycomb has", async () => {
    const url = `http://127.0.0.1:${port}`;
    const toXRay = { OTEL_EXPORTER_OTLP_ENDPOINT: direct.url, AWS_XRAY_OTLP_ENDPOINT: `${url}/v1/traces` };
    const service = await services.start({ DATABASE_URL: db.url, ...toXRay });
    const id = traceIdOf(await service.ask('/api/activities/home'));
    expect((await service.telemetry()).xray).toMatchObject({ destination: `127.0.0.1:${port}` });
    await service.stop();
    expect(spansOf(direct, id)).toHaveLength(3);
    expect(spansOf(behind, id)).toMatchObject(spansOf(direct, id));
    const request = spansOf(behind, id).find(({ kind }) => kind === 'server');
    expect(request?.attributes).toMatchObject({ http_route: '/api/activities/home' });
  });

  it('gets everything after an outage', async () => {
    const service = await services.start({
      DATABASE_URL: db.url,
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_BSP_SCHEDULE_DELAY: '50',
    });
    const ids = [traceIdOf(await service.ask('/api/activities/home'))];
    await behind.until(() => spansOf(behind, ids[0] ?? '').length === 3);
    await collector.stop();
    for (let i = 0; i < 20; i += 1) ids.push(traceIdOf(await service.ask('/api/activities/home')));
    await until(async () => (await service.telemetry()).honeycomb.last_error, 60_000);
    collector = await start();
    await behind.until(() => ids.every((id) => spansOf(behind, id).length === 3), 60_000);
    expect((await service.telemetry()).honeycomb.dropped).toBe(0);
    expect(await service.stop()).toMatchObject({ code: 0, stderr: '' });
  });
});
