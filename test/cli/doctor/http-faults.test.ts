import { randomUUID } from 'node:crypto';
import { context } from '@opentelemetry/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RequestContextManager } from '../../../src/observability/tracing/context-manager.ts';
import { type FaultMode, startFaultyServer } from '../../helpers/network/faulty-server.ts';
import { AUTHORITY, type ProxyMode, startForwardProxy } from '../../helpers/network/forward-proxy.ts';
import { freePort } from '../../helpers/network/free-port.ts';
import { setCredentials } from '../../helpers/telemetry/cloudwatch-logger.ts';
import { type ForeignServerName, startForeignServers } from './foreign-servers.ts';
import { lineOf } from './line-of.ts';

type Environment = Readonly<Record<string, string>>;

const foreign = await startForeignServers();
beforeAll(() => {
  setCredentials();
  context.setGlobalContextManager(new RequestContextManager().enable());
});
afterAll(() => {
  context.disable();
  foreign.close();
});

const otlp = (url: string, more: Environment = {}): Environment => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: url,
  ...more,
});
const withKey =
  (key: string, more = '') =>
  (url: string) =>
    otlp(url, { OTEL_EXPORTER_OTLP_HEADERS: `x-honeycomb-team=${key}${more}` });
const logs = (url: string): Environment => ({
  CLOUDWATCH_LOG_GROUP: 'cruddur',
  CLOUDWATCH_LOG_STREAM: randomUUID(),
  AWS_REGION: 'us-east-2',
  AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: url,
});
const rollbar = (url: string): Environment => ({
  ROLLBAR_ACCESS_TOKEN: 'hush',
  ROLLBAR_ENDPOINT: `${url}/api/1/item/`,
});
const xray = (url: string): Environment => ({ AWS_XRAY_OTLP_ENDPOINT: `${url}/v1/traces` });
const SYSTEMS = { honeycomb: otlp, cloudwatch: logs, rollbar, xray } as const;

const page = (status: number, headers = {}): FaultMode => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8', ...headers },
  body: '<html>Please sign in, hush',
});

describe.concurrent('the doctor tells that', () => {
  describe.each(Object.entries(SYSTEMS))('at the address of %s', (name, environmentAt) => {
    const sink = name as keyof typeof SYSTEMS;

    it.each<[ForeignServerName, string, RegExp]>([
      ['https', 'http', /TLS is required at this port: write https:\/\//],
      ['grpc', 'http', /this is the port of OTLP over gRPC: use that of OTLP over HTTP/],
      ['grpc-tls', 'http', /TLS is required at this port/],
      ['talker', 'http', /another (protocol is spoken|service, or a proxy, answers)/],
      ['talker', 'https', /there is no TLS at this port/],
      ['closer', 'http', /another service, or a proxy, answers/],
      ['https', 'https', /its certificate is not trusted: .*NODE_EXTRA_CA_CERTS/],
    ])('%s answers to %s', async (server, scheme, advice) => {
      const line = await lineOf(sink, environmentAt(`${scheme}://127.0.0.1:${foreign.ports[server]}`));
      expect(line).toMatch(/ fails /);
      expect(line).toMatch(advice);
      expect(line).not.toMatch(/hush|openssl|\.c:/);
    });

    it.each<[string, FaultMode, RegExp]>([
      ['a web page', page(200), /a web page answers, not the back end: a proxy, a login page/],
      ['a web page that forbids', page(403), /a web page answers/],
      ['the page of a captive portal', page(511), /a web page answers/],
      ['the page of a gateway', page(502), /a web page answers/],
      [
        'a redirect to another host',
        page(302, { location: 'http://login.corp.test/?hush' }),
        /redirects to login\.corp\.test: /,
      ],
      [
        'a redirect to https',
        page(301, { location: 'https://127.0.0.1/v1' }),
        /redirects to https:.*: write https:\/\/ in the address/,
      ],
      ['a redirect to a login', page(302, { location: '/login?hush' }), /redirects to a login/],
      [
        'nginx, which wants TLS',
        { ...(page(400) as object), body: '400 The plain HTTP request was sent to HTTPS port' } as FaultMode,
        /TLS is required at this port/,
      ],
      [
        'Go, which wants TLS',
        { status: 400, body: 'Client sent an HTTP request to an HTTPS server.\n' },
        /TLS is required at this port/,
      ],
    ])('%s answers', async (_, mode, advice) => {
      const server = await startFaultyServer(mode);
      const line = await lineOf(sink, environmentAt(server.url));
      await server.close();
      expect(line).toMatch(/ fails /);
      expect(line).toMatch(advice);
      expect(line).not.toMatch(/hush/);
    });

    it('https is written where there is only http', async () => {
      const server = await startFaultyServer('ok');
      const line = await lineOf(sink, environmentAt(server.url.replace('http:', 'https:')));
      await server.close();
      expect(line).toMatch(/fails .*there is no TLS at this port: write http:\/\/ in the address/);
    });

    it.each<[ProxyMode | 'down', RegExp]>([
      [{ status: 407 }, /the proxy answered 407 .*the proxy wants a user and password/],
      [{ status: 403 }, /the proxy answered 403 .*the proxy does not allow this host: .*NO_PROXY/],
      [
        { status: 502 },
        /the proxy answered 502 .*the proxy does not reach the host: correct the address or the region/,
      ],
      [{ status: 302 }, /the proxy answered 302 .*the proxy redirects, probably to a login/],
      [
        { status: 200 },
        /→ (?:the connection is closed as TLS begins: a proxy|there is no TLS at this port|another service, or a proxy)/,
      ],
      ['garbage', /the proxy speaks no HTTP .*correct HTTP_PROXY and HTTPS_PROXY/],
      ['close', /the proxy closed the connection without an answer .*correct HTTP_PROXY and HTTPS_PROXY/],
      ['down', /the proxy cannot be reached: connect ECONNREFUSED .*correct HTTP_PROXY and HTTPS_PROXY/],
    ])('a proxy is in the way: %j', async (mode, line) => {
      const proxy = await startForwardProxy('http://127.0.0.1:1', mode === 'down' ? 'ok' : mode);
      if (mode === 'down') await proxy.close();
      const variables = { HTTPS_PROXY: `http://hush:hush@127.0.0.1:${proxy.port}` };
      const printed = await lineOf(sink, { ...environmentAt('https://back-end.test'), ...variables });
      if (mode !== 'down') await proxy.close();
      expect(printed).toMatch(line);
      expect(printed).not.toMatch(/hush/);
    });
  });

  it.each<[string, FaultMode, (url: string) => Environment, RegExp]>([
    ['the path is wrong', { status: 405 }, otlp, /answered 405 .*the path is wrong/],
    [
      'the path is wrong',
      { status: 400, body: 'should you be sending to /v1/traces?' },
      otlp,
      /answered 400 .*the path is wrong/,
    ],
    [
      'the path is missing',
      { status: 404 },
      (url) => ({ AWS_XRAY_OTLP_ENDPOINT: url }),
      /include its path \/v1\/traces/,
    ],
    [
      'a Classic key lacks a dataset',
      { status: 400 },
      withKey('0123456789abcdef0123456789abcdef'),
      /Honeycomb Classic, which needs a dataset: add ,x-honeycomb-dataset=/,
    ],
    [
      'a Classic ingest key lacks a dataset',
      { status: 401 },
      withKey(`hcaic_${'a1'.repeat(29)}`),
      /Honeycomb Classic, which needs a dataset/,
    ],
    [
      'a key is one of configuration',
      { status: 401 },
      withKey('abcdefghijKLMNOPQRST12'),
      /looks like a configuration key/,
    ],
    ['a key is one of management', { status: 401 }, withKey('hcxmk_0123456789'), /this is a management key/],
    [
      'a key may be of the other region',
      { status: 401 },
      withKey(`hcaik_${'a1'.repeat(29)}`),
      /the key is rejected.*a key of the EU region needs .*eu1/,
    ],
    ['a token does not exist', { status: 401 }, rollbar, /the token does not exist or is disabled/],
    ['a token has another scope', { status: 403 }, rollbar, /the token may not report: .*post_server_item/],
    ['the endpoint lacks its path', { status: 405 }, rollbar, /the full URL of the item API/],
  ])('%s: %j', async (_, mode, environmentAt, expected) => {
    const server = await startFaultyServer(mode);
    const environment = environmentAt(server.url);
    const sink = environment.ROLLBAR_ENDPOINT
      ? 'rollbar'
      : environment.AWS_XRAY_OTLP_ENDPOINT
        ? 'xray'
        : 'honeycomb';
    const line = await lineOf(sink, environment);
    await server.close();
    expect(line).toMatch(expected);
  });

  it('a Classic key with a dataset is right', async () => {
    const server = await startFaultyServer('ok');
    const key = withKey('0123456789abcdef0123456789abcdef', ',X-Honeycomb-Dataset=cruddur')(server.url);
    const without = withKey('0123456789abcdef0123456789abcdef')(server.url);
    expect(await lineOf('honeycomb', key)).toMatch(/works .*the span was accepted \(\d+ ms\)$/);
    expect(await lineOf('honeycomb', without)).toMatch(/works .*which needs a dataset/);
    await server.close();
  });

  it.each(Object.entries(SYSTEMS))(
    'nothing listens, or the name of %s does not resolve',
    async (name, environmentAt) => {
      const sink = name as keyof typeof SYSTEMS;
      const nothing = `http://127.0.0.1:${await freePort()}`;
      expect(await lineOf(sink, environmentAt(nothing))).toMatch(
        /fails .*ECONNREFUSED.*nothing listens there/,
      );
      expect(await lineOf(sink, environmentAt('https://us-esat-2.invalid'))).toMatch(
        /fails .*(ENOTFOUND.*(region|address)|EAI_AGAIN.*fix DNS)/,
      );
    },
  );

  it('a certificate is for another name, a port speaks gRPC over TLS, and each back end has its own clock', async () => {
    const ca = { OTEL_EXPORTER_OTLP_CERTIFICATE: AUTHORITY };
    expect(await lineOf('honeycomb', otlp(`https://127.0.0.1:${foreign.ports.https}`, ca))).toMatch(
      /fails .*its certificate is for another name/,
    );
    const grpc = otlp(`https://localhost:${foreign.ports['grpc-tls']}`, ca);
    expect(await lineOf('honeycomb', grpc)).toMatch(/fails .*this is the port of OTLP over gRPC/);
    const clocks = [0, -3600].map((seconds) => new Date(Date.now() + seconds * 1000).toUTCString());
    const servers = await Promise.all(
      clocks.map((date) => startFaultyServer({ status: 200, headers: { date }, body: '{"err":0}' })),
    );
    const [right, slow] = servers.map(({ url }) => url) as [string, string];
    expect(await lineOf('clock', { ...otlp(right), ...rollbar(slow) })).toMatch(
      /fails .*in sync with 127\.0\.0\.1:\d+, 36\d\d s ahead with 127\.0\.0\.1:\d+ → correct this machine's clock/,
    );
    expect(await lineOf('clock', { ...otlp(slow), ...rollbar(slow) })).toMatch(
      /this clock is 36\d\d s ahead →/,
    );
    await Promise.all(servers.map((server) => server.close()));
  });
});
