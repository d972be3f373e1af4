import { createHash, createHmac } from 'node:crypto';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../../src/config/config.ts';
import { createSinks } from '../../../src/observability/delivery/sink-counters.ts';
import { createXRayExport, openSpanDestinations } from '../../../src/observability/otlp/destinations.ts';
import { type FaultMode, startFaultyServer } from '../../helpers/network/faulty-server.ts';
import { setCredentials } from '../../helpers/telemetry/cloudwatch-logger.ts';
import { startReceivers } from '../../helpers/telemetry/receivers.ts';
import { until } from '../../helpers/until.ts';

const KEY_ID = 'AKIAIOSFODNN7EXAMPLE';
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';

const [honeycomb, xray] = await Promise.all([startReceivers(), startReceivers()]);
beforeAll(setCredentials);
afterAll(() => Promise.all([honeycomb.close(), xray.close()]));

/** Opens the destinations Honeycomb and X-Ray over OTLP, signed for the region if one is given. */
async function open(
  xrayUrl: string,
  { region, honeycombUrl, protocol }: { region?: string; honeycombUrl?: string; protocol?: string } = {},
) {
  const config = readConfig({
    DATABASE_URL: 'postgres://127.0.0.1:1/none',
    AWS_XRAY_OTLP_ENDPOINT: `${xrayUrl}/v1/traces`,
    OTEL_BSP_SCHEDULE_DELAY: '0',
    // The signature covers the body as sent, and the receivers show it uncompressed.
    OTEL_EXPORTER_OTLP_COMPRESSION: region === undefined ? 'gzip' : 'none',
    OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
    ...(honeycombUrl && { OTEL_EXPORTER_OTLP_ENDPOINT: honeycombUrl }),
  });
  const sinks = createSinks(config);
  const xrayOtlp = config.xrayOtlp && { ...config.xrayOtlp, region };
  const { processor, drain } = await openSpanDestinations({ ...config, xrayOtlp }, sinks);
  return { sinks, drain, tracer: new TracerProvider({ spanProcessors: [processor] }).getTracer('test') };
}

/** Computes the signature of a request from its headers. */
function signatureOf(headers: Readonly<Record<string, unknown>>, body: Buffer, region: string): string {
  const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
  const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest();
  const [, signed = ''] = /SignedHeaders=([^,]+)/.exec(String(headers.authorization)) ?? [];
  const lines = signed.split(';').map((name) => `${name}:${String(headers[name]).trim()}\n`);
  const canonical = ['POST', '/v1/traces', '', lines.join(''), signed, sha256(body)].join('\n');
  const time = String(headers['x-amz-date']);
  const scope = [time.slice(0, 8), region, 'xray', 'aws4_request'];
  const text = ['AWS4-HMAC-SHA256', time, scope.join('/'), sha256(canonical)].join('\n');
  return hmac(scope.reduce<string | Buffer>(hmac, `AWS4${SECRET}`), text).toString('hex');
}

describe('spans sent to X-Ray over OTLP', () => {
  it.each(['http/json', 'http/protobuf'])(
    'equal those to Honeycomb over %s, with the searchable attributes as annotations too',
    async (protocol) => {
      const from = [honeycomb.spans().length, xray.spans().length] as const;
      const { tracer, sinks, drain } = await open(xray.url, { honeycombUrl: honeycomb.url, protocol });
      const attributes = {
        'http.route': '/api/activities/home',
        'app.result_length': 3,
        'db.query.text': 'SELECT 1',
        'url.path': '/',
      };
      tracer.startSpan('"attributes":[ in a name', { attributes }).end();
      tracer.startSpan('bare').end();
      await drain(5000);
      const [here, there] = [honeycomb.spans().slice(from[0]), xray.spans().slice(from[1])];
      expect(there.map(({ traceId, spanId, name }) => ({ traceId, spanId, name }))).toEqual(
        here.map(({ traceId, spanId, name }) => ({ traceId, spanId, name })),
      );
      expect(here.map((span) => span.attributes)).toEqual([attributes, {}]);
      expect(there.map((span) => span.attributes)).toEqual([
        {
          ...attributes,
          http_route: '/api/activities/home',
          app_result_length: 3,
          'aws.xray.annotations': ['http_route', 'app_result_length'],
        },
        {},
      ]);
      expect(sinks.xray.report()).toMatchObject({
        destination: new URL(xray.url).host,
        accepted: 2,
        sent: 2,
      });
      expect(sinks.honeycomb.report()).toMatchObject({ accepted: 2, sent: 2 });
    },
  );

  it("are signed for X-Ray's region with the credentials of the environment", async () => {
    const from = xray.requests().length;
    const { tracer, drain } = await open(xray.url, { region: 'us-east-2' });
    tracer.startSpan('signed').end();
    await drain(5000);
    const [request] = xray.requests().slice(from);
    const { headers = {}, body = Buffer.alloc(0) } = request ?? {};
    expect(headers.authorization).toMatch(
      new RegExp(
        `^AWS4-HMAC-SHA256 Credential=${KEY_ID}/\\d{8}/us-east-2/xray/aws4_request, SignedHeaders=[^,]*host`,
      ),
    );
    expect(headers.authorization).toContain(`Signature=${signatureOf(headers, body, 'us-east-2')}`);
  });

  it('are not signed for a Collector', async () => {
    const from = xray.requests().length;
    const { tracer, drain } = await open(xray.url);
    tracer.startSpan('unsigned').end();
    await drain(5000);
    expect(xray.requests()[from]?.headers).not.toHaveProperty('authorization');
  });

  it('wait for valid credentials, while those to Honeycomb are sent', async () => {
    const refusing = await startFaultyServer({ status: 403, body: SECRET }, xray.url);
    const { tracer, sinks, drain } = await open(refusing.url, {
      region: 'us-east-2',
      honeycombUrl: honeycomb.url,
    });
    tracer.startSpan('patient').end();
    await until(() => sinks.xray.report().last_error && sinks.honeycomb.report().sent === 1);
    expect(sinks.xray.report()).toMatchObject({
      queued: 1,
      dropped: 0,
      last_error: 'the back end answered 403: the AWS credentials are not accepted',
    });
    refusing.become('ok');
    await until(() => sinks.xray.report().sent === 1);
    await drain(100);
    await refusing.close();
  });

  it.each([429, 502, 503, 504])('are retried after a %i', async (status) => {
    const failing = await startFaultyServer({ status }, xray.url);
    const { tracer, sinks, drain } = await open(failing.url);
    tracer.startSpan('patient').end();
    await until(() => sinks.xray.report().last_error === `Throttled: the back end answered ${status}`);
    expect(sinks.xray.report()).toMatchObject({ queued: 1, dropped: 0 });
    failing.become('ok');
    await until(() => sinks.xray.report().sent === 1);
    await drain(100);
    await failing.close();
  });

  it.each<[FaultMode, string]>([
    [
      { status: 401 },
      'Refused: the back end answered 401: the sender to AWS_XRAY_OTLP_ENDPOINT is not accepted',
    ],
    [{ status: 404 }, 'Refused: the back end answered 404: AWS_XRAY_OTLP_ENDPOINT does not accept traces'],
    [{ status: 500 }, 'Refused: the back end answered 500'],
  ])('are dropped and counted when a Collector responds with %j', async (mode, lastError) => {
    const refusing = await startFaultyServer(mode);
    const { tracer, sinks, drain } = await open(refusing.url);
    tracer.startSpan('lost').end();
    await drain(5000);
    await refusing.close();
    expect(sinks.xray.report()).toMatchObject({ dropped: 1, last_error: lastError });
  });

  it('need no credentials before they are sent', async () => {
    const { xrayOtlp } = readConfig({
      DATABASE_URL: 'postgres://127.0.0.1:1/none',
      AWS_XRAY_OTLP_ENDPOINT: 'https://xray.us-east-2.amazonaws.com/v1/traces',
    });
    await expect(xrayOtlp && createXRayExport(xrayOtlp)).resolves.toBeTypeOf('function');
  });
});
