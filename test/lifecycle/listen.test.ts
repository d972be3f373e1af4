import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { listen } from '../../src/lifecycle/listen.ts';
import { ask } from '../helpers/network/http-client.ts';

function newServer(): Server {
  const server = createServer((_request, response) => response.end('ok'));
  onTestFinished(() => void server.close());
  return server;
}

/** A server on a machine whose kernel fails to bind `::`, as it does without IPv6. */
function withoutIPv6(code: string): Server {
  const server = newServer();
  const bind = server.listen.bind(server) as (port: number, host: string, done: () => void) => Server;
  vi.spyOn(server, 'listen').mockImplementation(((port: number, host: string, done: () => void) => {
    if (host !== '::') return bind(port, host, done);
    setImmediate(() => server.emit('error', Object.assign(new Error('listen'), { code })));
    return server;
  }) as never);
  return server;
}

describe('the address ::', () => {
  it('accepts connections over IPv4 and IPv6', async () => {
    const server = newServer();
    expect(await listen(server, { host: '::', port: 0 })).toMatch(/^http:\/\/\[::\]:\d+$/);
    const { port } = server.address() as AddressInfo;
    for (const host of ['127.0.0.1', '[::1]']) {
      expect((await ask(`http://${host}:${port}/`)).body).toBe('ok');
    }
  });

  it.each(['EAFNOSUPPORT', 'EADDRNOTAVAIL', 'EINVAL'])(
    'is every IPv4 address where the kernel has no IPv6 (%s)',
    async (code) => {
      const server = withoutIPv6(code);
      const url = await listen(server, { host: '::', port: 0 });
      expect(url).toMatch(/^http:\/\/0\.0\.0\.0:\d+$/);
      expect((await ask(url.replace('0.0.0.0', '127.0.0.1'))).body).toBe('ok');
      expect(server.listenerCount('error')).toBe(0);
    },
  );

  it('is not replaced where its port is taken', async () => {
    const first = newServer();
    await listen(first, { host: '::', port: 0 });
    const { port } = first.address() as AddressInfo;
    await expect(listen(newServer(), { host: '::', port })).rejects.toThrow(`port ${port} is taken`);
  });
});

it('an IPv6 address that the machine lacks is refused, and not replaced', async () => {
  await expect(listen(newServer(), { host: '2001:db8::7', port: 0 })).rejects.toThrow(
    /^cannot listen at HOST 2001:db8::7: E(ADDRNOTAVAIL|AFNOSUPPORT)$/,
  );
});
