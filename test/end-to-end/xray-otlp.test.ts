import { afterAll, expect, it } from 'vitest';
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
  });
  const answer = await service.ask('/api/activities/home');
  expect((await service.telemetry()).xray).toMatchObject({
    on: true,
    destination: new URL(receivers.url).host,
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
  expect(receivers.segments()).toEqual([]);
});
