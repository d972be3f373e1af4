import { beforeAll, expect, test } from 'vitest';
import { useDatabase } from '../helpers/databases.ts';
import { traceIdOf } from '../helpers/http-client.ts';
import { type Receivers, type Span, startReceivers } from '../helpers/receivers.ts';
import { useServices } from '../helpers/service.ts';
import { describePeer } from './describe-peer.ts';
import { freePort } from './free-port.ts';
import { startPeer } from './peer-process.ts';

/** Takes OTLP in on the port, and passes it on in protobuf. */
function configuration(port: number, receivers: Receivers): string {
  return JSON.stringify({
    receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${port}` } } } },
    exporters: { otlphttp: { endpoint: receivers.url, sending_queue: { enabled: false } } },
    service: {
      telemetry: { metrics: { level: 'none' } },
      pipelines: { traces: { receivers: ['otlp'], exporters: ['otlphttp'] } },
    },
  });
}

/** What is alike in the spans of two requests for the same: all but ids and times. */
function shape(spans: readonly Span[]): unknown[] {
  const names = new Map(spans.map(({ spanId, name }) => [spanId, name]));
  return spans
    .map(({ name, kind, parentSpanId, attributes, resource, scope, status, events }) => ({
      name,
      kind,
      parent: names.get(parentSpanId ?? ''),
      resource: { ...resource, 'service.instance.id': undefined, 'process.pid': undefined },
      scope,
      status,
      events: events.length,
      attributes: {
        ...attributes,
        'app.now': typeof attributes['app.now'],
        'server.port': undefined,
        'client.port': undefined,
        'network.peer.port': undefined,
      },
    }))
    .toSorted((a, b) => a.name.localeCompare(b.name));
}

describePeer('collector', 'OpenTelemetry Collector', ({ path }) => {
  const db = useDatabase('postgres');
  const services = useServices();
  let viaCollector: Receivers;
  let direct: Receivers;
  let port: number;

  beforeAll(async () => {
    [viaCollector, direct, port] = await Promise.all([startReceivers(), startReceivers(), freePort()]);
    await startPeer(path, [`--config=yaml:${configuration(port, viaCollector)}`], { port });
    return async () => {
      await Promise.all([viaCollector.close(), direct.close()]);
    };
  });

  async function spansOfRequest(receivers: Receivers, endpoint: string, path: string): Promise<Span[]> {
    const service = await services.start({
      DATABASE_URL: db.url,
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_BSP_SCHEDULE_DELAY: '50',
    });
    const id = traceIdOf(await service.ask(path, { headers: { host: 'cruddur.test' } }));
    const spans = await receivers.until(() => {
      const found = receivers.spans().filter(({ traceId }) => traceId === id);
      return found.some(({ kind }) => kind === 'server') && found;
    });
    const { honeycomb } = await service.telemetry();
    expect(honeycomb).toMatchObject({ dropped: 0, last_error: null });
    await service.stop();
    return spans;
  }

  test.each(['/api/activities/home', '/api/activities/@nobody', '/api/activities/search?term=fun'])(
    'it passes on the trace of %s as it was sent',
    async (path) => {
      const [relayed, sent] = await Promise.all([
        spansOfRequest(viaCollector, `http://127.0.0.1:${port}`, path),
        spansOfRequest(direct, direct.url, path),
      ]);
      expect(sent.length).toBeGreaterThan(1);
      expect(shape(relayed)).toEqual(shape(sent));
    },
  );
});
