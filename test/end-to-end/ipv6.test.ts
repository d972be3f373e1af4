import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { useServices } from '../helpers/app/service.ts';
import { useDatabase } from '../helpers/database/databases.ts';
import { ask } from '../helpers/network/http-client.ts';
import { until } from '../helpers/until.ts';

const db = useDatabase('postgres');
const services = useServices();

async function startDaemon(): Promise<{ address: string; received: string[] }> {
  const received: string[] = [];
  const socket = createSocket('udp6', (datagram) => received.push(datagram.toString()));
  onTestFinished(() => void socket.close());
  socket.bind(0, '::1');
  await once(socket, 'listening');
  return { address: `[::1]:${socket.address().port}`, received };
}

test('the service serves both families at ::, trusts proxies of both, and reaches a daemon over IPv6', async () => {
  const daemon = await startDaemon();
  const service = await services.start({
    DATABASE_URL: db.url,
    HOST: '[::]',
    TRUST_PROXY: 'loopback',
    AWS_XRAY_DAEMON_ADDRESS: daemon.address,
  });
  expect(service.url).toMatch(/^http:\/\/\[::\]:\d+$/);
  const { port } = new URL(service.url);
  expect((await service.telemetry()).xray.destination).toBe(daemon.address);
  const headers = { 'x-forwarded-for': '203.0.113.7' };
  for (const host of ['127.0.0.1', '[::1]']) {
    const target = `/api/activities/home?limit=${host.length}`;
    expect((await ask(`http://${host}:${port}${target}`, { headers })).status).toBe(200);
    // An IPv4 client is `::ffff:127.0.0.1` to the socket, which `loopback` has to match.
    const line = await until(() => service.lines().find(({ full_path }) => full_path === target));
    expect(line).toMatchObject({ remote_addr: '203.0.113.7' });
    const segment = await until(() => daemon.received.find((text) => text.includes(target)));
    expect(segment).toContain('"client_ip":"203.0.113.7"');
  }
  expect(await service.stop()).toMatchObject({ code: 0, stderr: '' });
});
