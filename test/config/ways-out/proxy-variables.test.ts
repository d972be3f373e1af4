import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request, setGlobalProxyFromEnv } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readConfigWithoutDatabase } from '../../../src/config/config.ts';
import { AUTHORITY } from '../../helpers/network/forward-proxy.ts';

const PROXY = 'http://proxy.test:3128';

/** Whether a request to `host` goes to the proxy, by Node's own agent. */
function isProxied(host: string, variables: Record<string, string>): boolean {
  const { proxy } = readConfigWithoutDatabase(variables);
  const agent = new Agent(proxy && { proxyEnv: proxy });
  const asked = request(`http://${host}/`, { agent }).on('error', () => {});
  asked.destroy();
  return asked.path !== '/';
}

describe('a proxy', () => {
  it.each([
    ['http://proxy.test:3128', 'http://proxy.test:3128/'],
    ['HTTP://Proxy.test:3128/', 'http://proxy.test:3128/'],
    ['https://proxy.test', 'https://proxy.test/'],
    ['proxy.test:3128', 'http://proxy.test:3128/'],
    ['user:p%40ss@proxy.test:3128', 'http://user:p%40ss@proxy.test:3128/'],
    [' http://[::1]:3128 ', 'http://[::1]:3128/'],
  ])('may be written %s', (text, url) => {
    expect(readConfigWithoutDatabase({ HTTPS_PROXY: text }).proxy).toMatchObject({ HTTPS_PROXY: url });
  });

  it.each([
    'socks5://hush:1080',
    'http://',
    'http://hush:pw#1@proxy.test:3128',
    'http://hush:pw@proxy.test:port',
    'http://hush:%zz@proxy.test',
    'http://proxy.test/hush?x=1',
    'ftp://hush',
    'hush hush',
  ])('cannot be %s, which the fault does not repeat', (text) => {
    for (const name of ['HTTP_PROXY', 'https_proxy']) {
      const read = () => readConfigWithoutDatabase({ [name]: text });
      expect(read).toThrow(
        /^invalid configuration \(1 error\)\n {2}HTTPS?_PROXY \(or https?_proxy\) must be an http/,
      );
      expect(read).not.toThrow(/hush/);
    }
  });

  it('has a password that is kept secret, also where the URL has no scheme', () => {
    for (const text of ['http://user:hush%40word@proxy.test', 'user:hush%40word@proxy.test:3128']) {
      expect(readConfigWithoutDatabase({ https_proxy: text }).secrets()).toContain('hush@word');
    }
  });

  it('is off when no variable, or only NO_PROXY or ALL_PROXY, is set', () => {
    for (const variables of [
      {},
      { NO_PROXY: '*' },
      { ALL_PROXY: PROXY },
      { HTTP_PROXY: ' ', https_proxy: '' },
    ]) {
      expect(readConfigWithoutDatabase(variables).proxy).toBeUndefined();
    }
  });

  it('in lower case takes precedence, and both lists of exceptions count', () => {
    const variables = {
      HTTP_PROXY: 'http://other.test',
      http_proxy: PROXY,
      NO_PROXY: 'a.test',
      no_proxy: 'b.test',
    };
    expect(readConfigWithoutDatabase(variables).proxy).toMatchObject({ HTTP_PROXY: `${PROXY}/` });
    expect(isProxied('c.test', variables)).toBe(true);
    expect(isProxied('a.test', variables)).toBe(false);
    expect(isProxied('b.test', variables)).toBe(false);
  });

  it.each([
    ['', [], ['a.test', '10.1.2.3']],
    ['*', ['a.test', '10.1.2.3', '[2001:db8::1]'], []],
    ['a.test, *', ['b.test', '10.1.2.3'], []],
    ['a.test', ['a.test', 'b.a.test', 'A.Test:8080'], ['ba.test', 'a.test.evil.com']],
    ['.a.test', ['a.test', 'b.a.test'], ['ba.test']],
    ['*.a.test', ['b.a.test'], ['ba.test']],
    ['a.test:8080', ['a.test:8080'], ['a.test', 'a.test:8081']],
    [' a.test , b.test c.test', ['a.test', 'b.test', 'c.test'], ['d.test']],
    ['10.1.2.3', ['10.1.2.3'], ['10.1.2.4']],
    ['10.0.0.0/8', ['10.0.0.0', '10.255.255.255'], ['11.0.0.0', '9.255.255.255', '10.a.test']],
    ['192.168.4.9/22', ['192.168.4.0', '192.168.7.255'], ['192.168.8.0', '192.168.3.255']],
    ['10.0.0.5-10.0.0.9', ['10.0.0.7'], ['10.0.0.10']],
    ['0.0.0.0/0', ['10.1.2.3'], ['a.test']],
    ['2001:db8::1', ['[2001:db8::1]'], ['[2001:db8::2]']],
    ['[2001:db8::1]', ['[2001:db8::1]'], []],
    ['[2001:db8::1]:8080', ['[2001:db8::1]:8080'], ['[2001:db8::1]']],
    ['2001:db8::1/128', ['[2001:db8::1]'], []],
    ['console', ['console:4568'], ['console.evil.com']],
  ])('with NO_PROXY=%s is not asked for %j, but for %j', (none, direct, proxied) => {
    const variables = { HTTP_PROXY: PROXY, NO_PROXY: none };
    for (const host of direct) expect(`${host} ${isProxied(host, variables)}`).toBe(`${host} false`);
    for (const host of proxied) expect(`${host} ${isProxied(host, variables)}`).toBe(`${host} true`);
  });

  it.each(['localhost:4568', 'api.localhost', '127.0.0.1:4568', '127.9.9.9', '[::1]:4568', '169.254.170.2'])(
    'is never asked for %s',
    (host) => {
      expect(isProxied(host, { HTTP_PROXY: PROXY })).toBe(false);
    },
  );
});

it.each(['*', 'a.test,*', '[::1]:1, a.invalid:80'])('with NO_PROXY=%s, fetch asks no proxy', async (none) => {
  let asked = false;
  const proxy = createServer((socket) => {
    asked = true;
    socket.destroy();
  });
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  const HTTP_PROXY = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const config = readConfigWithoutDatabase({ HTTP_PROXY, NO_PROXY: none });
  const restore = setGlobalProxyFromEnv(config.proxy);
  await fetch('http://a.invalid/').catch(() => {});
  restore();
  proxy.close();
  expect(asked).toBe(false);
});

describe('NODE_EXTRA_CA_CERTS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cruddur-ca-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    ['nothing', undefined],
    ['an empty file', ''],
    ['no certificate', '-----BEGIN CERTIFICATE-----\nhush\n-----END CERTIFICATE-----\n'],
  ])('that names %s is a plain fault, where Node.js itself only warns', (name, content) => {
    const file = join(folder, name);
    if (content !== undefined) writeFileSync(file, content);
    expect(() => readConfigWithoutDatabase({ NODE_EXTRA_CA_CERTS: file })).toThrow(
      /\n {2}NODE_EXTRA_CA_CERTS must name/,
    );
    expect(() => readConfigWithoutDatabase({ NODE_EXTRA_CA_CERTS: folder })).toThrow(
      'NODE_EXTRA_CA_CERTS must name',
    );
  });

  it('stays trusted where the receiver of spans has an authority of its own, which replaces the others', () => {
    const own = { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://a.test', OTEL_EXPORTER_OTLP_CERTIFICATE: AUTHORITY };
    expect(readConfigWithoutDatabase(own).otlp?.tls.ca).toBeInstanceOf(Buffer);
    expect(readConfigWithoutDatabase({ ...own, NODE_EXTRA_CA_CERTS: AUTHORITY }).otlp?.tls.ca).toHaveLength(
      2,
    );
  });

  it('and the files for the receiver of spans are judged before anything connects', () => {
    const file = join(folder, 'garbage');
    writeFileSync(file, 'hush');
    const key = AUTHORITY.replace('ca.crt', 'server.key');
    const cert = AUTHORITY.replace('ca.crt', 'server.crt');
    const faults = [
      { OTEL_EXPORTER_OTLP_CERTIFICATE: file },
      { OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: cert, OTEL_EXPORTER_OTLP_CLIENT_KEY: file },
      { OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: AUTHORITY, OTEL_EXPORTER_OTLP_CLIENT_KEY: key },
      { OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: cert },
      { OTEL_EXPORTER_OTLP_CLIENT_KEY: key },
    ];
    for (const variables of faults) {
      expect(() => readConfigWithoutDatabase(variables)).toThrow(
        /\(1 error\)\n {2}OTEL_EXPORTER_OTLP_\w+ must name/,
      );
    }
    const pair = { OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: cert, OTEL_EXPORTER_OTLP_CLIENT_KEY: key };
    expect(() => readConfigWithoutDatabase(pair)).not.toThrow();
    expect(() =>
      readConfigWithoutDatabase({ ...pair, OTEL_EXPORTER_OTLP_CLIENT_KEY: '/nonexistent' }),
    ).toThrow('OTEL_EXPORTER_OTLP_CLIENT_KEY must name a file that can be read');
  });
});
