import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Console, startConsole } from '../../src/server.ts';

let running: Console;
beforeEach(async () => {
  running = await startConsole({ allowedHosts: ['console', '*.gitpod.io'] });
});
afterEach(() => running.close());

/** Sends a Rollbar item with these headers and resolves with the status. `fetch` cannot set `Host`. */
function send(
  headers: Record<string, string>,
  port = running.httpPort,
  path = '/api/1/item/',
): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: '127.0.0.1',
        port,
        path,
        method: 'POST',
        headers: { 'x-rollbar-access-token': 'token', ...headers },
      },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    outgoing.on('error', reject);
    outgoing.end('{"data":{"body":{}}}');
  });
}

describe('the Host of a request', () => {
  it.each([
    '127.0.0.1:4568',
    '10.0.0.7',
    '[::1]:4568',
    '[2001:db8::1]',
    'localhost:4568',
    'LocalHost',
    'console.localhost:1',
    'console:4568',
    'Console',
    '4568-name.ws.gitpod.io',
  ])('may be %s', async (host) => {
    expect(await send({ host })).toBe(200);
  });

  it.each([
    'evil.example',
    'evil.example:4568',
    'localhost.evil.example',
    'notlocalhost',
    '127.0.0.1.evil.example',
    'gitpod.io',
    'evilgitpod.io',
    'console.evil.example',
    '0x7f.1',
    '[::1',
    '[]',
    'user@127.0.0.1',
    ' ',
  ])('may not be "%s", a name that DNS can point here', async (host) => {
    expect(await send({ host })).toBe(403);
    expect(running.journal.entries()).toEqual([]);
    expect(running.journal.unread()).toMatchObject([
      { reason: expect.stringContaining('CONSOLE_ALLOWED_HOSTS') },
    ]);
  });

  it('is checked on the port of the X-Ray daemon too', async () => {
    expect(await send({ host: 'evil.example' }, running.xrayPort, '/GetSamplingRules')).toBe(403);
    expect(await send({ host: 'localhost' }, running.xrayPort, '/GetSamplingRules')).toBe(200);
  });
});

describe('the Origin of a request', () => {
  it('may be the console itself, under the name in Host', async () => {
    expect(await send({ host: 'localhost:4568', origin: 'http://localhost:4568' })).toBe(200);
    expect(await send({ host: 'a.gitpod.io', origin: 'https://A.gitpod.io' })).toBe(200);
  });

  it.each(['http://evil.example', 'http://localhost:3000', 'http://127.0.0.1:4568', 'null', ''])(
    'may not be "%s", another site',
    async (origin) => {
      expect(await send({ host: 'localhost:4568', origin })).toBe(403);
      expect(running.journal.unread()).toMatchObject([
        { protocol: 'unknown', reason: expect.stringContaining(JSON.stringify(origin)) },
      ]);
    },
  );
});
