import { afterAll, describe, expect, it } from 'vitest';
import { startFaultyServer } from '../../helpers/network/faulty-server.ts';
import { startReceivers } from '../../helpers/telemetry/receivers.ts';
import { openSpanPipe } from '../../helpers/telemetry/span-pipe.ts';

const receivers = await startReceivers();
afterAll(() => receivers.close());

/** The request that exports one span. */
async function requestWith(environment: Record<string, string>) {
  const from = receivers.requests().length;
  const pipe = openSpanPipe(receivers.url, environment);
  pipe.end(1);
  await pipe.drain(5000);
  const [request, ...others] = receivers.requests().slice(from);
  expect(others).toEqual([]);
  return { ...request, counts: pipe.counts() };
}

describe('the export request', () => {
  it.each([
    ['gzipped protobuf', {}, 'application/x-protobuf'],
    ['gzipped JSON', { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' }, 'application/json'],
    [
      'what the variable for traces says',
      { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf', OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json' },
      'application/json',
    ],
    [
      'protobuf for traces',
      { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/protobuf' },
      'application/x-protobuf',
    ],
  ])('is OTLP over HTTP, in %s', async (_what, environment, type) => {
    expect(await requestWith(environment)).toMatchObject({
      method: 'POST',
      path: '/v1/traces',
      headers: { 'content-type': type, 'content-encoding': 'gzip' },
      json: { resourceSpans: [{ scopeSpans: [{ spans: [{ name: 'span-0' }] }] }] },
      counts: { sent: 1, last_error: null },
    });
  });

  it('is not compressed when compression is off', async () => {
    const { headers, body, json } = await requestWith({ OTEL_EXPORTER_OTLP_COMPRESSION: 'none' });
    expect(headers).not.toHaveProperty('content-encoding');
    expect(headers?.['content-length']).toBe(String(body?.length));
    expect(json).toMatchObject({ resourceSpans: [{ scopeSpans: [{ spans: [{ name: 'span-0' }] }] }] });
  });

  it('has the headers from the environment, percent-decoded; those for traces override the general ones', async () => {
    const { headers } = await requestWith({
      OTEL_EXPORTER_OTLP_HEADERS: 'x-honeycomb-team=hush%3D%2C%20%25, x-other = all ,X-Latin=caf%C3%A9',
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'x-other=traces',
    });
    expect(headers).toMatchObject({
      'x-honeycomb-team': 'hush=, %',
      'x-other': 'traces',
      'x-latin': 'café',
    });
  });

  it('has its own content type and length despite those headers', async () => {
    const { headers, counts } = await requestWith({
      OTEL_EXPORTER_OTLP_HEADERS: 'content-type=text/plain,content-length=1,content-encoding=br',
    });
    expect(headers).toMatchObject({ 'content-type': 'application/x-protobuf', 'content-encoding': 'gzip' });
    expect(counts).toMatchObject({ sent: 1, last_error: null });
  });

  it('is sent to /v1/traces below the endpoint, or to the traces endpoint as it is', async () => {
    const server = await startFaultyServer('ok');
    for (const environment of [
      {},
      { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${server.url}/elsewhere?hush=1` },
    ]) {
      const pipe = openSpanPipe(`${server.url}/otlp/`, environment);
      pipe.end(1);
      await pipe.drain(5000);
    }
    await server.close();
    expect(server.targets()).toEqual(['/otlp/v1/traces', '/elsewhere?hush=1']);
  });
});
