import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterAll, expect, it } from 'vitest';
import { useServices } from '../helpers/app/service.ts';
import { exchange } from '../helpers/network/raw-http.ts';
import { startReceivers } from '../helpers/telemetry/receivers.ts';
import { rulesArrived } from '../helpers/telemetry/sampling-rules.ts';

const receivers = await startReceivers();
const connections = new Set<Socket>();
/** A database that never answers. */
const silent = createServer((socket) => connections.add(socket.on('error', () => {}))).listen(0, '127.0.0.1');
afterAll(() => {
  for (const socket of connections) socket.destroy();
  silent.close();
  return receivers.close();
});
const services = useServices();

const REQUESTS = [
  'GET /api/activities/home HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n',
  'POST /api/activities HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
];

it('the requests that a shutdown cuts reach the systems before the end', async () => {
  if (!silent.listening) await once(silent, 'listening');
  const service = await services.start({
    ...receivers.environment,
    DATABASE_URL: `postgres://cruddur@127.0.0.1:${(silent.address() as AddressInfo).port}/cruddur`,
    // Longer than the half of the deadline after which requests are cut.
    DATABASE_CONNECT_TIMEOUT_MS: '1500',
    SHUTDOWN_DEADLINE_MS: '2000',
  });
  await rulesArrived(service, receivers);
  const port = Number(new URL(service.url).port);
  const before = connections.size;
  const answers = REQUESTS.map((request) => exchange(port, request));
  // The readiness probe has a connection, too.
  await expect.poll(() => connections.size).toBeGreaterThan(before);
  expect(await service.stop()).toMatchObject({ code: 0 });
  expect(await Promise.all(answers)).toEqual(['', '']);

  const paths = ['/api/activities', '/api/activities/home'];
  const spans = receivers.spans().filter(({ kind }) => kind === 'server');
  expect(spans.map(({ attributes }) => attributes['url.path']).sort()).toEqual(paths);
  for (const { attributes } of spans) expect(attributes['error.type']).toBe('cut_off');
  const lines = receivers.logEvents().filter(({ fields }) => 'full_path' in fields);
  expect(lines.map(({ fields }) => fields.full_path).sort()).toEqual(paths);
  for (const { fields } of lines) expect(fields).toMatchObject({ status: 503, cut_off: true });
  const segments = receivers.segments();
  expect(segments.map(({ http }) => new URL(String(http?.request?.url)).pathname).sort()).toEqual(paths);
  for (const segment of segments)
    expect(segment).toMatchObject({ fault: true, http: { response: { status: 503 } } });
});
