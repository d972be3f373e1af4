import { afterAll, expect, it } from 'vitest';
import { toXRayTraceId } from '../../src/observability/amzn-trace-id.ts';
import { useServices } from '../helpers/app/service.ts';
import { traceIdOf } from '../helpers/network/http-client.ts';
import { startReceivers } from '../helpers/telemetry/receivers.ts';

const services = useServices();
const receivers = await startReceivers();
afterAll(() => receivers.close());

it('a request reaches X-Ray over OTLP alone, with the trace id of its answer', async () => {
  const service = await services.start({
    // Nothing listens there: the request is a fault and has all its spans.
    DATABASE_URL: 'postgres://127.0.0.1:1/none',
    AWS_XRAY_OTLP_ENDPOINT: `${receivers.url}/v1/traces`,
    OTEL_SPANS_PER_SECOND: '1000',
  });
  const answer = await service.ask('/api/activities/home');
  // A random id, which X-Ray accepts in spans, and a flag that does not count.
  const foreign = '4bf92f3577b34da6a3ce929d0e0e4736';
  const called = await service.ask('/api/activities/home', {
    headers: { traceparent: `00-${foreign}-00f067aa0ba902b7-00`, tracestate: 'foo=1' },
  });
  expect((await service.telemetry()).xray).toMatchObject({
    on: true,
    destination: new URL(receivers.url).host,
    limited: 0,
  });
  expect(await service.stop()).toMatchObject({ code: 0, stderr: '' });
  const spans = receivers.spans().filter(({ traceId }) => traceId === traceIdOf(answer));
  expect(spans.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['home-activities', 'GET /api/activities/home']),
  );
  expect(spans.find(({ name }) => name.startsWith('GET'))?.attributes).toMatchObject({
    http_route: '/api/activities/home',
    'aws.xray.annotations': ['http_route'],
  });
  expect(called.headers['x-amzn-trace-id']).toBe(`Root=${toXRayTraceId(foreign)}`);
  const theirs = receivers.spans().filter(({ traceId }) => traceId === foreign);
  expect(theirs).toHaveLength(spans.length);
  expect(receivers.segments()).toEqual([]);
});
