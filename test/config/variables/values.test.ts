import { describe, expect, it } from 'vitest';
import { type Config, readConfig } from '../../../src/config/config.ts';

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
      ['[::1]:2000', { udp: { host: '::1', port: 2000 }, tcp: { host: '::1', port: 2000 } }],
      [
        'udp:[fd00::5]:2000 tcp:[FD00::6]:2001',
        { udp: { host: 'fd00::5', port: 2000 }, tcp: { host: 'fd00::6', port: 2001 } },
      ],
      [
        'udp:[::ffff:10.0.0.1]:1 tcp:b:2',
        { udp: { host: '::ffff:10.0.0.1', port: 1 }, tcp: { host: 'b', port: 2 } },
      ],
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
      '::1:2000',
      'fd00::5',
      '[::1]',
      '[::1]:',
      '[::1]:0',
      '[::1]2000',
      '[10.0.0.1]:2000',
      '[xray-daemon]:2000',
      '[fe80::1%eth0]:2000',
      '[::1:2000',
      'udp:::1:2000 tcp:[::1]:2000',
      'http://a:2000',
      'tcp://10.0.0.1:2000',
      'a:2000:2000',
    ],
    refusal: 'must be host:port, or udp:host:port tcp:host:port; an IPv6 address in brackets: [::1]:2000',
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
      ['"a=1"', { a: '1' }],
      ['a="1" , b=%222%22', { a: '1', b: '"2"' }],
      ['Authorization=Bearer x', { Authorization: 'Bearer x' }],
    ],
    wrong: [
      'a',
      '=1',
      'a b=1',
      'a=%',
      'a=%zz',
      'a=1,b',
      'é=1',
      'a: 1',
      'Authorization: Basic eA==',
      'a=1 # b',
    ],
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
      ['`https://api.honeycomb.io`', 'https://api.honeycomb.io/v1/traces'],
      ['http://127.0.0.1:4318/v1/traces', 'http://127.0.0.1:4318/v1/traces'],
      ['http://127.0.0.1:4318//v1/traces/', 'http://127.0.0.1:4318/v1/traces'],
      ['http://127.0.0.1:4318/otlp/?a=//b', 'http://127.0.0.1:4318/otlp/v1/traces?a=//b'],
      ['http://127.0.0.1:4318?a=b', 'http://127.0.0.1:4318/v1/traces?a=b'],
      ['http://127.0.0.1:4318//otlp//', 'http://127.0.0.1:4318/otlp/v1/traces'],
      ['http://collector.svc.cluster.local.:4318', 'http://collector.svc.cluster.local.:4318/v1/traces'],
    ],
    wrong: [
      'api.honeycomb.io',
      'localhost:4318',
      'ftp://host',
      'http://',
      'http:/host',
      'http:\\\\host',
      'http://ho st',
      'http://host/a b',
      'http://us er:hush@host',
      'grpc://host:4317',
    ],
    refusal: 'must be an http:// or https:// URL',
  },
  {
    name: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    read: () => undefined,
    right: [],
    wrong: ['http://host/#a', 'http://host?a#'],
    refusal: 'must have no fragment (#)',
  },
  {
    name: 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
    read: ({ otlp }) => otlp?.tracesUrl,
    right: [['http://127.0.0.1:4318//v1/traces?a=b', 'http://127.0.0.1:4318//v1/traces?a=b']],
    wrong: [],
    refusal: '',
  },
  {
    name: 'OTEL_RESOURCE_ATTRIBUTES',
    read: ({ service }) => service.name,
    right: [['service.name="quoted",', 'quoted']],
    wrong: ['=x', ' =x', 'service.name', 'service.name=a # the name'],
    refusal: 'must be name=value pairs',
  },
  {
    name: 'OTEL_TRACES_SAMPLER',
    given: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' },
    read: ({ otlp }) => otlp?.sampler,
    right: [['Always_On', 'always_on']],
    wrong: ['always on', 'jaeger_remote'],
    refusal: 'must be one of always_on, always_off',
  },
  {
    name: 'LOG_LEVEL',
    read: ({ logLevel }) => logLevel,
    right: [
      ['INFO', 'info'],
      ['“warn”', 'warn'],
    ],
    wrong: ['warning', 'trace', '2'],
    refusal: 'must be one of error, warn, info, debug',
  },
  {
    name: 'TRUST_TRACE_SAMPLING',
    read: ({ trustTraceSampling }) => trustTraceSampling,
    right: [
      ['True', true],
      ['1', true],
      ['yes', true],
      ['on', true],
      ['OFF', false],
      ['0', false],
    ],
    wrong: ['y', '2', 'enabled'],
    refusal: 'must be true or false',
  },
  {
    name: 'OTEL_SDK_DISABLED',
    given: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' },
    read: ({ otlp }) => otlp === undefined,
    right: [['"TRUE"', true]],
    // OpenTelemetry takes these for false.
    wrong: ['1', 'yes', 'on'],
    refusal: 'must be true or false',
  },
  {
    name: 'HOST',
    read: ({ host }) => host,
    right: [
      ['"0.0.0.0"', '0.0.0.0'],
      ['[::]', '::'],
      ['fe80::1%eth0', 'fe80::1%eth0'],
      ['my_host.internal', 'my_host.internal'],
    ],
    wrong: [
      'localhost:4567',
      '[::]:4567',
      'http://localhost',
      '0.0.0.0/0',
      'a b',
      '*',
      ':4567',
      'tcp://10.0.0.1:1',
    ],
    refusal: 'must be a host name or an address, without scheme and port',
  },
  ...['OTEL_SERVICE_NAME', 'ROLLBAR_ENVIRONMENT', 'DEMO_USER_HANDLE', 'AWS_PROFILE', 'AWS_XRAY_URL'].map(
    (name) => ({
      name,
      read: () => undefined,
      right: [['a#b c', undefined]] as const,
      wrong: ['a # hush', 'a\t#hush', 'a\nhush', 'a\u007f', 'x'.repeat(1001)],
      refusal: 'must be at most 1000 characters without comments (# after a blank) and control characters',
    }),
  ),
  {
    name: 'AWS_ACCESS_KEY_ID',
    read: () => undefined,
    right: [['"AKIA"', undefined]],
    wrong: ['AKIA hush', '“AKIA'],
    refusal: 'must be printable ASCII without spaces',
  },
  {
    name: 'AWS_REGION',
    read: ({ xrayApi }) => xrayApi.region,
    right: [
      ['"us-east-1"', 'us-east-1'],
      ['us-gov-west-1', 'us-gov-west-1'],
      ['us-isob-east-1', 'us-isob-east-1'],
      ['eusc-de-east-1', 'eusc-de-east-1'],
      ['mx-central-1', 'mx-central-1'],
      ['ap-southeast-7', 'ap-southeast-7'],
      ['us-isof-south-1', 'us-isof-south-1'],
      ['eu-isoe-west-1', 'eu-isoe-west-1'],
      ['cn-northwest-1', 'cn-northwest-1'],
      ['zz-northwest-12', 'zz-northwest-12'],
      ['local', 'local'],
      ['test', 'test'],
    ],
    wrong: ['US-EAST-1', 'us east 1', 'us-esat-1', 'us_east_1', 'useast1', 'us-east1', 'US-East-1'],
    refusal: 'must be a region such as us-east-1; us-east-1 is probably meant',
  },
  {
    name: 'AWS_DEFAULT_REGION',
    read: () => undefined,
    right: [],
    wrong: ['eu-west-1a', 'us-gov-west-1b'],
    refusal: 'must be a region without the letter of an availability zone',
  },
  {
    name: 'AWS_REGION',
    read: () => undefined,
    right: [],
    wrong: ['Ohio', 'aws-global', 'https://logs.us-east-1.amazonaws.com', 'x'.repeat(100)],
    refusal: 'must be a region such as us-east-1',
  },
  {
    name: 'AWS_REGION',
    given: { CLOUDWATCH_LOG_GROUP: 'a' },
    read: () => undefined,
    right: [],
    wrong: ['local', 'localhost'],
    refusal: 'must be a region such as us-east-1, because log lines go to AWS',
  },
  {
    name: 'AWS_REGION',
    given: { CLOUDWATCH_LOG_GROUP: 'a', AWS_ENDPOINT_URL: 'http://localhost:4566' },
    read: ({ cloudwatch }) => cloudwatch?.region,
    right: [['local', 'local']],
    wrong: ['us-esat-1'],
    refusal: 'must be a region such as us-east-1; us-east-1 is probably meant',
  },
  {
    name: 'CLOUDWATCH_METRICS',
    read: ({ requestCounts }) => requestCounts,
    right: [['STDOUT', 'stdout']],
    wrong: ['stderr'],
    refusal: 'must be stdout, or unset',
  },
  {
    name: 'CLOUDWATCH_LOG_GROUP',
    given: { AWS_REGION: 'us-east-1' },
    read: ({ cloudwatch }) => cloudwatch?.group,
    right: [["'/aws/ecs/cruddur'", '/aws/ecs/cruddur']],
    wrong: ['a b', 'a:b', 'aws/cruddur', '*'],
    refusal: 'must ',
  },
  {
    name: 'ROLLBAR_ACCESS_TOKEN',
    read: ({ rollbar }) => rollbar?.accessToken,
    right: [
      [' abc\r\n', 'abc'],
      ['\ufeff"abc"\u200b', 'abc'],
      ['„abc“', 'abc'],
    ],
    wrong: ['Bearer abc', 'a\u200bbc', '“abc'],
    refusal: 'must be printable ASCII without spaces',
  },
  ...['YOUR_ROLLBAR_ACCESS_TOKEN', '"YOUR_TOKEN"', '<your token>'].map((placeholder) => ({
    name: 'ROLLBAR_ACCESS_TOKEN',
    read: () => undefined,
    right: [],
    wrong: [placeholder],
    refusal: 'must be replaced by a value of your own, or removed: it holds a placeholder',
  })),
  ...['BACKEND_URL', 'HONEYCOMB_API_KEY', 'OTEL_EXPORTER_OTLP_HEADERS', 'DATABASE_URL'].map((name) => ({
    name,
    read: () => undefined,
    right: [],
    wrong: [`https://4567-$${'{GITPOD_WORKSPACE_ID}'}`, `x=$${'{HUSH}'}`],
    refusal: 'must be replaced by a value of your own, or removed: it holds a placeholder',
  })),
  // Read by other programs.
  ...['AWS_COGNITO_USER_POOL_ID', 'OTEL_THEIRS'].map((name) => ({
    name,
    read: () => undefined,
    right: [
      ['YOUR_POOL', undefined],
      ['<pool>', undefined],
    ] as const,
    wrong: [],
    refusal: '',
  })),
  {
    name: 'AWS_SECRET_ACCESS_KEY',
    read: () => undefined,
    right: [['anything', undefined]],
    wrong: ['YOUR_AWS_SECRET_ACCESS_KEY'],
    refusal: 'must be replaced by a value of your own',
  },
  {
    name: 'DATABASE_PASSWORD',
    read: ({ database }) => database?.password(),
    right: [
      [' a" \r\n', ' a" '],
      ['“a”', '“a”'],
      [`a$${'{b}'}`, `a$${'{b}'}`],
    ],
    wrong: ['"a"', "'a'"],
    refusal: 'must not be in quotes',
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
    wrong: ['all', '1/4', '10%', 'NaN', '0,5', '50', '-1', '0x1', 'Infinity'],
    refusal: 'must be a number from 0 to 1',
  },
  {
    name: 'PORT',
    read: ({ port }) => port,
    right: [
      ['0', 0],
      ['65535', 65_535],
      [' 4567\r\n', 4567],
      ['"4567"', 4567],
      ["' 4567 '", 4567],
      ['\u00a0‘4567’\u200b', 4567],
    ],
    wrong: [
      ...['65536', '-1', '1.5', '0x10', '1e3', 'http', '٤٥', '4567.0', '4_567', '４５６７', '4 567', '+4567'],
      ...['"4567', '"4567\'', '""4567""', '4567 # the port', 'tcp://10.0.0.1:4567'],
    ],
    refusal: 'must be a whole number from 0 to 65535',
  },
  {
    name: 'FRONTEND_URL',
    given: { BACKEND_URL: 'https://api.example' },
    read: ({ allowedOrigins }) => allowedOrigins,
    right: [
      ['https://cruddur.com/sign-in?a=b', ['https://cruddur.com', 'https://api.example']],
      ['http://LOCALHOST:80', ['http://localhost', 'https://api.example']],
      ['"https://cruddur.com"', ['https://cruddur.com', 'https://api.example']],
      ['http://a.example, http://b.example', ['http://a.example', 'http://b.example', 'https://api.example']],
    ],
    wrong: [
      '*',
      'null',
      'cruddur.com',
      'file:///etc/passwd',
      'http://a.example,',
      'http://a.example,*',
      'http://a.example.',
    ],
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

it('a port that Kubernetes sets for a service is told apart from a wrong one', () => {
  expect(() => readConfig({ DATABASE_URL, PORT: 'tcp://10.3.2.1:4567' })).toThrow(
    'PORT must be a whole number from 0 to 65535; Kubernetes sets it for a service of this name: set it in the ' +
      'pod, or enableServiceLinks: false',
  );
  expect(() => readConfig({ DATABASE_URL, HOST: 'tcp://10.3.2.1:4567' })).toThrow(/without scheme and port$/);
  const ofOthers = { DATABASE_PORT: 'tcp://10.3.2.1:5432', ROLLBAR_PORT: 'tcp://10.3.2.1:80' };
  expect(readConfig({ DATABASE_URL, ...ofOthers }).port).toBe(4567);
});
