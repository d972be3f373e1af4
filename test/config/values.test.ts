import { describe, expect, it } from 'vitest';
import { type Config, readConfig } from '../../src/config/config.ts';

const DATABASE_URL = 'postgres://127.0.0.1:1/none';

/** Each variable, what it may hold and how that is read, what it may not hold and how that is refused. */
const VARIABLES: readonly {
  readonly name: string;
  readonly given?: Readonly<Record<string, string>>;
  readonly read: (config: Config) => unknown;
  readonly right: readonly (readonly [text: string, value: unknown])[];
  readonly wrong: readonly string[];
  readonly refusal: string;
}[] = [
  {
    name: 'TRUST_PROXY',
    read: ({ trustProxy }) => trustProxy,
    right: [
      ['off', false],
      ['No', false],
      ['0', false],
      ['TRUE', true],
      ['2', 2],
      [' Loopback, 10.0.0.0/8 ,::1,fd00::/8', ['loopback', '10.0.0.0/8', '::1', 'fd00::/8']],
    ],
    wrong: [
      'everybody',
      '10.0.0.0/33',
      '10.0.0.0/',
      '::1/129',
      '1.2.3',
      'loopback,',
      '-1',
      '100',
      '10.0.0.0/8/8',
      '0.0.0.0/0',
      '::0.0.0.0',
      'fe80::1%eth0',
    ],
    refusal: 'must be off, on, a number of proxies, or a list of addresses and networks',
  },
  {
    name: 'AWS_XRAY_DAEMON_ADDRESS',
    read: ({ xray }) => xray?.daemon,
    right: [
      [
        'xray-daemon:2000',
        { udp: { host: 'xray-daemon', port: 2000 }, tcp: { host: 'xray-daemon', port: 2000 } },
      ],
      ['udp:a:1 tcp:b.c:65535', { udp: { host: 'a', port: 1 }, tcp: { host: 'b.c', port: 65_535 } }],
      [' tcp:b:2   udp:a:1 ', { udp: { host: 'a', port: 1 }, tcp: { host: 'b', port: 2 } }],
    ],
    wrong: [
      'a',
      'a:',
      ':2000',
      'a:0',
      'a:65536',
      'udp:a:1',
      'udp:a:1 udp:b:2',
      'udp:a:1 tcp:b:2 tcp:c:3',
      '[::1]:2000',
      'http://a:2000',
    ],
    refusal: 'must be host:port, or udp:host:port tcp:host:port',
  },
  {
    name: 'OTEL_EXPORTER_OTLP_HEADERS',
    given: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' },
    read: ({ otlp }) => otlp?.headers,
    right: [
      ['a=1', { a: '1' }],
      [' a = 1 , b=2=3,', { a: '1', b: '2=3' }],
      ['a=%C2%A3', { a: '£' }],
      ['a=', { a: '' }],
      ['a=1;b', { a: '1;b' }],
      ['a=1,a=2', { a: '2' }],
    ],
    wrong: ['a', '=1', 'a b=1', 'a=%', 'a=%zz', 'a=1,b', 'é=1'],
    refusal: 'must be name=value pairs, separated by commas, values percent-encoded',
  },
  {
    name: 'OTEL_EXPORTER_OTLP_HEADERS',
    read: () => undefined,
    right: [],
    wrong: ['a=1%0D%0Ab:2', 'a=%00', 'a=%E2%82%AC'],
    refusal: 'may hold no line ends or other control characters',
  },
  {
    name: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    read: ({ otlp }) => otlp?.tracesUrl,
    right: [
      ['http://127.0.0.1:4318', 'http://127.0.0.1:4318/v1/traces'],
      ['https://api.honeycomb.io/', 'https://api.honeycomb.io/v1/traces'],
      [' https://api.honeycomb.io/otlp ', 'https://api.honeycomb.io/otlp/v1/traces'],
    ],
    wrong: ['api.honeycomb.io', 'ftp://host', 'http://', 'grpc://host:4317'],
    refusal: 'must be an http:// or https:// URL',
  },
  {
    name: 'OTEL_TRACES_SAMPLER_ARG',
    given: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' },
    read: ({ otlp }) => otlp?.samplerRatio,
    right: [
      ['0', 0],
      ['0.25', 0.25],
      ['1e-3', 0.001],
      ['1', 1],
    ],
    wrong: ['all', '1/4', '10%', 'NaN'],
    refusal: 'must be a number from 0 to 1',
  },
  {
    name: 'PORT',
    read: ({ port }) => port,
    right: [
      ['0', 0],
      ['65535', 65_535],
    ],
    wrong: ['65536', '-1', '1.5', '0x10', '1e3', 'http', '4567 ', '٤٥'],
    refusal: 'must be a whole number from 0 to 65535',
  },
  {
    name: 'FRONTEND_URL',
    given: { BACKEND_URL: 'https://api.example' },
    read: ({ allowedOrigins }) => allowedOrigins,
    right: [
      ['https://cruddur.com/sign-in?a=b', ['https://cruddur.com', 'https://api.example']],
      ['http://LOCALHOST:80', ['http://localhost', 'https://api.example']],
      ['http://a.example, http://b.example', ['http://a.example', 'http://b.example', 'https://api.example']],
    ],
    wrong: ['*', 'null', 'cruddur.com', 'file:///etc/passwd', 'http://a.example,', 'http://a.example,*'],
    refusal: 'must be http:// or https:// URLs, separated by commas',
  },
  {
    name: 'ALLOWED_HOSTS',
    read: ({ allowedHosts }) => allowedHosts,
    right: [
      ['API.example', ['api.example']],
      ['a.example, 10.0.0.1, [::1]', ['a.example', '10.0.0.1', '[::1]']],
    ],
    wrong: ['*', 'a.example:80', 'http://a.example', 'a,,b', 'a b'],
    refusal: 'must be host names, separated by commas',
  },
  {
    name: 'RATE_LIMIT_READS',
    read: ({ rateLimits }) => rateLimits.reads,
    right: [
      ['off', undefined],
      ['100/1m', { requests: 100, windowMs: 60_000 }],
      ['5/s', { requests: 5, windowMs: 1000 }],
      ['1000/2h', { requests: 1000, windowMs: 7_200_000 }],
    ],
    wrong: ['0/1m', '100', '100/0s', '-1/1s', '1.5/1m', '100/1d', 'on'],
    refusal: 'must be off, or <requests>/<window> such as 300/1m or 1000/10s',
  },
];

describe.each(VARIABLES)('$name', ({ name, given, read, right, wrong, refusal }) => {
  it.each(right)('may be "%s"', (text, value) => {
    expect(read(readConfig({ DATABASE_URL, ...given, [name]: text }))).toEqual(value);
  });

  it.each(wrong)('may not be "%s"', (text) => {
    expect(() => readConfig({ DATABASE_URL, ...given, [name]: text })).toThrow(`\n  ${name} ${refusal}`);
  });
});
