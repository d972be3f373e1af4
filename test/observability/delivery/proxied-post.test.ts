import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfigWithoutDatabase } from '../../../src/config/config.ts';
import { createHttpPost } from '../../../src/observability/delivery/http-post.ts';
import {
  type FaultyServer,
  startFaultyServer,
  startTcpBlackHole,
} from '../../helpers/network/faulty-server.ts';
import {
  AUTHORITY,
  type ForwardProxy,
  type ProxyMode,
  startForwardProxy,
} from '../../helpers/network/forward-proxy.ts';
import { freePort } from '../../helpers/network/free-port.ts';
import { until } from '../../helpers/until.ts';

const PASSWORD = 'p@ss:w%rd';
let receiver: FaultyServer;
let proxy: ForwardProxy;
beforeEach(async () => {
  receiver = await startFaultyServer('ok');
  proxy = await startForwardProxy(receiver.url);
});
afterEach(async () => {
  await Promise.all([receiver.close(), proxy.close()]);
});

/** Returns a function that posts to `url` with the variables of a proxy. */
function postVia(url: string, more: Record<string, string> = {}, timeoutMs = 2000) {
  const address = `http://user:${encodeURIComponent(PASSWORD)}@127.0.0.1:${proxy.port}`;
  const config = readConfigWithoutDatabase({ HTTP_PROXY: address, HTTPS_PROXY: address, ...more });
  const send = createHttpPost({
    url,
    headers: {},
    timeoutMs,
    maxConnections: 1,
    maxAnswerBytes: 1000,
    tls: { ca: readFileSync(AUTHORITY) },
    proxy: config.proxy,
  });
  return () => send(Buffer.from('{}'));
}

describe('a post through a proxy', () => {
  it.each([
    ['http://collector.test:4318/v1/traces', 'POST http://collector.test:4318/v1/traces'],
    ['https://api.honeycomb.io/v1/traces', 'CONNECT api.honeycomb.io:443'],
  ])('to %s arrives, with the credentials for the proxy, on one connection', async (url, target) => {
    const send = postVia(url);
    expect(await send()).toMatchObject({ status: 200, body: '{}' });
    expect(await send()).toMatchObject({ status: 200 });
    expect(proxy.targets()).toEqual(url.startsWith('https') ? [target] : [target, target]);
    expect(proxy.credentials()[0]).toBe(`Basic ${Buffer.from(`user:${PASSWORD}`).toString('base64')}`);
    expect(receiver.targets()).toEqual(['/v1/traces', '/v1/traces']);
  });

  it.each<[ProxyMode, string]>([
    [{ status: 407 }, 'the proxy answered 407'],
    [{ status: 403 }, 'the proxy answered 403'],
    [{ status: 502 }, 'the proxy answered 502'],
    ['close', 'the proxy closed the connection without an answer'],
    ['garbage', 'the proxy speaks no HTTP'],
    ['hang', 'the proxy opened no tunnel in time'],
    ['hang-behind', 'the proxy opened no tunnel in time'],
  ])(
    'whose tunnel is answered with %j fails in words, and works once the proxy does',
    async (mode, message) => {
      proxy.become(mode);
      const send = postVia('https://api.honeycomb.io/', {}, 300);
      for (let attempt = 0; attempt < 3; attempt += 1) {
        const fault = await send().catch((error: Error) => error);
        expect(fault).toMatchObject({
          message: expect.stringMatching(new RegExp(`^(${message}|no answer within 300 ms)$`)),
        });
        expect(JSON.stringify(fault) + String(fault)).not.toMatch(/user|p@ss|p%40ss/);
      }
      await until(() => proxy.connections() === 0);
      proxy.become('ok');
      expect(await send()).toMatchObject({ status: 200 });
    },
  );

  it.each<[ProxyMode, RegExp]>([
    [{ status: 407 }, /^the proxy answered 407$/],
    ['close', /^the proxy cannot be reached: /],
    ['hang', /^no answer within 300 ms$/],
  ])(
    'to http:// that is answered with %j fails in words, and works once the proxy does',
    async (mode, message) => {
      proxy.become(mode);
      const send = postVia('http://collector.test/', {}, 300);
      await expect(send()).rejects.toThrow(message);
      proxy.become('ok');
      expect(await send()).toMatchObject({ status: 200 });
    },
  );

  it.each(['http://collector.test/', 'https://api.honeycomb.io/'])(
    'that is down fails in words: %s',
    async (url) => {
      const down = `http://user:${encodeURIComponent(PASSWORD)}@127.0.0.1:${await freePort()}`;
      const fault = await postVia(url, { HTTP_PROXY: down, HTTPS_PROXY: down })().catch((error) => error);
      expect(String(fault)).toMatch(
        /^Error: the proxy cannot be reached: connect ECONNREFUSED 127\.0\.0\.1:\d+$/,
      );
    },
  );

  it('names the fault of a certificate behind the proxy as such', async () => {
    await expect(postVia('https://other.example/')()).rejects.toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
  });

  it('is not sent to hosts of NO_PROXY, nor to this machine', async () => {
    const { port } = new URL(receiver.url);
    for (const host of ['127.0.0.1', 'localhost']) {
      expect(await postVia(`http://${host}:${port}/`)()).toMatchObject({ status: 200 });
    }
    expect(proxy.targets()).toEqual([]);
    await expect(postVia('http://collector.invalid/', { NO_PROXY: 'invalid' })()).rejects.toThrow(
      'ENOTFOUND',
    );
    expect(proxy.targets()).toEqual([]);
  });

  it('does not blame the proxy for a host of NO_PROXY that hangs', async () => {
    const hole = await startTcpBlackHole();
    const send = postVia(`https://127.0.0.1:${hole.port}/`, {}, 200);
    await expect(send()).rejects.toThrow(/^no answer (in time|within 200 ms)$/);
    await hole.close();
  });

  it('is not sent through a proxy that only the environment has', async () => {
    const send = createHttpPost({
      url: receiver.url,
      headers: {},
      timeoutMs: 2000,
      maxConnections: 1,
      maxAnswerBytes: 1000,
    });
    expect(await send(Buffer.from('{}'))).toMatchObject({ status: 200 });
    expect(proxy.targets()).toEqual([]);
  });
});
