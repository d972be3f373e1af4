import { expect, test } from 'vitest';
import { createSinkCounters } from '../../src/observability/delivery/sink-counters.ts';
import { useApp } from '../helpers/app/app.ts';

const honeycomb = createSinkCounters('honeycomb', 'api.honeycomb.io:443');
const sinks = {
  honeycomb,
  xray: createSinkCounters('xray', undefined),
  cloudwatch: createSinkCounters('cloudwatch', undefined),
  rollbar: createSinkCounters('rollbar', undefined),
};
const app = useApp({ overrides: () => ({ sinks }) });

test('/telemetry shows what each sink accepted, sent and dropped', async () => {
  honeycomb.accepted(5);
  honeycomb.sent(2);
  honeycomb.dropped(1, new Error('401 from the back end'));
  const { body, headers } = await app.get('/telemetry').expect(200);
  expect(headers['cache-control']).toBe('no-store');
  expect(Object.keys(body)).toEqual(['honeycomb', 'xray', 'cloudwatch', 'rollbar']);
  expect(body.honeycomb).toEqual({
    on: true,
    destination: 'api.honeycomb.io:443',
    accepted: 5,
    sent: 2,
    dropped: 1,
    queued: 2,
    last_error: '401 from the back end',
    last_error_at: expect.any(String),
  });
  expect(body.xray).toMatchObject({ on: false, destination: null, accepted: 0, last_error: null });
});

test('/rollbar/test returns its message and reports it once as a warning', async () => {
  const response = await app.get('/rollbar/test').expect(200);
  expect(response.text).toBe('Hello World!');
  expect(response.headers['content-type']).toBe('text/plain; charset=utf-8');
  expect(app.reports).toEqual([{ level: 'warning', what: 'Hello World!', path: '/rollbar/test' }]);
});

test('HEAD /rollbar/test answers with the headers of GET and reports nothing', async () => {
  const response = await app.request('head', '/rollbar/test').expect(200);
  expect(response.headers).toMatchObject({
    'content-type': 'text/plain; charset=utf-8',
    'content-length': '12',
  });
  expect(app.reports).toEqual([]);
});
