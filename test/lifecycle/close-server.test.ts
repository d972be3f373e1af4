import { once } from 'node:events';
import { createServer, get, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { trackInFlight } from '../../src/lifecycle/close-server.ts';
import { didClientLeave, finalStatus } from '../../src/observability/request/disconnect.ts';

test('a request that the shutdown cuts off has no disconnected client', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = trackInFlight(server);
  const { port } = server.address() as AddressInfo;
  const client = get({ port, host: '127.0.0.1' }).on('error', () => {});
  const [, response] = (await once(server, 'request')) as [unknown, ServerResponse];
  expect(await close(0)).toBe(1);
  expect(response.closed).toBe(true);
  expect(didClientLeave(response)).toBe(false);
  expect(finalStatus(response)).toBe(503);
  client.destroy();
});
