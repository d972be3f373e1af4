import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { context } from '@opentelemetry/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CheckResult } from '../../../src/cli/doctor/check-result.ts';
import { createProbeIds } from '../../../src/cli/doctor/probe-ids.ts';
import { runChecks } from '../../../src/cli/doctor/run-checks.ts';
import { readConfig } from '../../../src/config/config.ts';
import { RequestContextManager } from '../../../src/observability/tracing/context-manager.ts';
import { type FaultMode, startFaultyServer, startUdpBlackHole } from '../../helpers/network/faulty-server.ts';
import { freePort } from '../../helpers/network/free-port.ts';
import { useNodeProcesses } from '../../helpers/process/node-process.ts';
import { setCredentials } from '../../helpers/telemetry/cloudwatch-logger.ts';
import { SAMPLE_ALL, startReceivers } from '../../helpers/telemetry/receivers.ts';
import { failing, startScriptedCloudwatch } from '../../helpers/telemetry/scripted-cloudwatch.ts';

const DOCTOR = join(import.meta.dirname, '../../../src/cli/doctor.ts');

const receivers = await startReceivers({ samplingRules: [{ ...SAMPLE_ALL, RuleName: 'Default' }] });
beforeAll(() => {
  setCredentials();
  context.setGlobalContextManager(new RequestContextManager().enable());
});
afterAll(async () => {
  context.disable();
  await receivers.close();
});

const startNode = useNodeProcesses();

function runDoctor(environment: Readonly<Record<string, string>>, ...args: string[]) {
  return startNode([DOCTOR, ...args], { cwd: tmpdir(), environment }).ended;
}

/** Only the daemon: two uploads to one log stream at a time exclude each other in a process. */
function daemonOf({ AWS_XRAY_DAEMON_ADDRESS = '' }: Readonly<Record<string, string>>) {
  return { AWS_XRAY_DAEMON_ADDRESS };
}

/** Returns the check result of a sink. */
async function checkOf(
  name: CheckResult['name'],
  environment: Readonly<Record<string, string>>,
): Promise<CheckResult | undefined> {
  const config = readConfig({ DATABASE_URL: 'postgres://127.0.0.1:1/none', ...environment });
  return (await runChecks(config, createProbeIds())).find((finding) => finding.name === name);
}

/** Returns the check result of a sink whose back end answers according to `mode`. */
async function checkAt(
  name: CheckResult['name'],
  mode: FaultMode,
  environmentAt: (url: string) => Readonly<Record<string, string>>,
): Promise<CheckResult | undefined> {
  const server = await startFaultyServer(mode);
  try {
    return await checkOf(name, environmentAt(server.url));
  } finally {
    await server.close();
  }
}

describe.concurrent('npm run doctor', () => {
  it('sends one item through each sink, with one trace id, and reports that all work', async () => {
    receivers.sampling.setRules([{ ...SAMPLE_ALL, RuleName: 'Cruddur', ServiceName: 'backend-*' }]);
    const { code, stdout, stderr } = await runDoctor(receivers.environment);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^honeycomb +works +127\.0\.0\.1:\d+: the span was accepted \(\d+ ms\)$/m);
    expect(stdout).toMatch(
      /^xray +works .*sent over UDP, the daemon answered with the sampling rule Cruddur/m,
    );
    expect(stdout).toMatch(/^cloudwatch +works .*the line was stored in cruddur, backend-express\//m);
    expect(stdout).toMatch(/^rollbar +works .*the report was accepted, environment production/m);
    expect(stdout).toMatch(/^clock +works .*this clock is in sync$/m);
    const traceId = /trace id ([0-9a-f]{32})\n$/.exec(stdout)?.[1] ?? 'none';
    const xrayId = `1-${traceId.slice(0, 8)}-${traceId.slice(8)}`;
    await receivers.until(() => receivers.segments().some(({ trace_id }) => trace_id === xrayId));
    expect(receivers.spans().map((span) => span.traceId)).toEqual([traceId]);
    expect(receivers.logEvents().map(({ fields }) => fields.trace_id)).toEqual([traceId]);
    expect(receivers.reports()).toMatchObject([{ level: 'warning', custom: { trace_id: traceId } }]);
  });

  it('names the variable that switches on each sink, and succeeds', async () => {
    const { code, stdout } = await runDoctor({});
    expect(code).toBe(0);
    expect(stdout).toBe(
      [
        'honeycomb   off    set HONEYCOMB_API_KEY (or OTEL_EXPORTER_OTLP_ENDPOINT) to turn it on',
        'xray        off    set AWS_XRAY_DAEMON_ADDRESS (or AWS_XRAY_OTLP_ENDPOINT) to turn it on',
        'cloudwatch  off    set CLOUDWATCH_LOG_GROUP to turn it on',
        'rollbar     off    set ROLLBAR_ACCESS_TOKEN to turn it on',
        'database    off    set DATABASE_URL to check it\n',
      ].join('\n'),
    );
  });

  it('exits with 1 when a sink fails, prints JSON with --json, and repeats no secret', async () => {
    const echo = await startFaultyServer({
      status: 403,
      body: '{"__type":"UnrecognizedClientException","message":"hush-key hush-secret hush-token hush-team"}',
    });
    const { code, stdout, stderr } = await runDoctor(
      {
        OTEL_EXPORTER_OTLP_ENDPOINT: echo.url,
        OTEL_EXPORTER_OTLP_HEADERS: 'x-honeycomb-team=hush-team',
        AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${await freePort()}`,
        CLOUDWATCH_LOG_GROUP: 'cruddur',
        AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: echo.url,
        AWS_REGION: 'us-east-2',
        AWS_ACCESS_KEY_ID: 'hush-key',
        AWS_SECRET_ACCESS_KEY: 'hush-secret',
        ROLLBAR_ACCESS_TOKEN: 'hush-token',
        ROLLBAR_ENDPOINT: `${echo.url}/hush-token`,
      },
      '--json',
    );
    await echo.close();
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).not.toContain('hush');
    const told = JSON.parse(stdout);
    expect(told).toMatchObject({ ok: false, trace_id: expect.stringMatching(/^[0-9a-f]{32}$/) });
    expect(told.findings.map(({ name, state }: CheckResult) => `${name} ${state}`)).toEqual([
      'honeycomb fails',
      'xray fails',
      'cloudwatch fails',
      'rollbar fails',
      'database off',
      'clock works',
    ]);
    for (const { advice, took_ms } of told.findings.slice(0, 4))
      expect({ advice, took_ms }).toEqual({ advice: expect.any(String), took_ms: expect.any(Number) });
  });

  it('exits with 78 for a wrong variable and with 64 for an unknown flag', async () => {
    const [environment, flag] = await Promise.all([
      runDoctor({ ROLLBAR_ENDPOINT: 'hush' }),
      runDoctor({}, '--jsn'),
    ]);
    expect(environment).toMatchObject({
      code: 78,
      stderr: expect.stringContaining('ROLLBAR_ENDPOINT must be'),
    });
    expect(flag).toMatchObject({ code: 64, stderr: expect.stringMatching(/^Unknown option '--jsn'.*\n$/) });
  });
});

describe.concurrent('the doctor diagnoses', () => {
  /** Uses a new stream, because winston-cloudwatch has one upload per stream at a time. */
  const logsAt = (endpoint: string) => ({
    CLOUDWATCH_LOG_GROUP: 'cruddur',
    CLOUDWATCH_LOG_STREAM: randomUUID(),
    AWS_REGION: 'us-east-2',
    AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: endpoint,
  });
  const otlpAt = (url: string) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: url });

  it.each([
    [{ status: 401 }, /answered 401/, /the key is rejected.*eu1/],
    [{ status: 404 }, /answered 404/, /the path is wrong: \/v1\/traces is appended/],
    [{ status: 400 }, /answered 400/, /the path is wrong/],
    [{ status: 429 }, /answered 429/, /the rate limit or the quota is exceeded/],
    [{ status: 503 }, /answered 503/, /the back end has a problem/],
    ['garbage', /without acknowledging the spans/, /another service answers/],
  ] as const)('Honeycomb, which answers with %j', async (mode, answer, advice) => {
    expect(await checkAt('honeycomb', mode, otlpAt)).toMatchObject({
      state: 'fails',
      answer: expect.stringMatching(answer),
      advice: expect.stringMatching(advice),
    });
  });

  it('Honeycomb, to which the service sends nothing because of its sampler', async () => {
    const environmentAt = (url: string) => ({ ...otlpAt(url), OTEL_TRACES_SAMPLER: 'always_off' });
    expect(await checkAt('honeycomb', 'ok', environmentAt)).toMatchObject({
      state: 'works',
      advice: expect.stringContaining('OTEL_TRACES_SAMPLER'),
    });
  });

  it('Honeycomb, which never answers', async () => {
    const environmentAt = (url: string) => ({ ...otlpAt(url), OTEL_EXPORTER_OTLP_TIMEOUT: '200' });
    expect(await checkAt('honeycomb', 'hang', environmentAt)).toMatchObject({
      state: 'fails',
      answer: 'no answer within 200 ms',
      advice: expect.stringContaining('a proxy or a firewall'),
    });
  });

  it.each([
    [{ status: 403, body: '{"err":1}' }, /answered 403/, /post_server_item/],
    [{ status: 404 }, /answered 404/, /the full URL of the item API/],
    ['null', /without acknowledging the report/, /another service answers/],
  ] as const)('Rollbar, which answers with %j', async (mode, answer, advice) => {
    const environmentAt = (url: string) => ({ ROLLBAR_ACCESS_TOKEN: 'token', ROLLBAR_ENDPOINT: url });
    expect(await checkAt('rollbar', mode, environmentAt)).toMatchObject({
      state: 'fails',
      answer: expect.stringMatching(answer),
      advice: expect.stringMatching(advice),
    });
  });

  it.each([
    [
      { DescribeLogStreams: failing('UnrecognizedClientException') },
      /the access key is rejected.*AWS_REGION/,
    ],
    [
      { DescribeLogStreams: failing('InvalidSignatureException') },
      /another region.*this clock is wrong \(this clock is in sync\)$/,
    ],
    [{ PutLogEvents: failing('ExpiredTokenException') }, /the credentials have expired/],
    [{ DescribeLogStreams: failing('AccessDeniedException') }, /attach the policy cruddur-logs/],
    [
      {
        DescribeLogStreams: failing('ResourceNotFoundException'),
        CreateLogGroup: failing('AccessDeniedException'),
      },
      /the log group does not exist in this region, and the credentials do not allow creating it/,
    ],
    [{ PutLogEvents: { status: 403, body: {} } }, /attach the policy cruddur-logs/],
    [{ DescribeLogStreams: { body: [] } }, /another service answers at this address/],
  ])('CloudWatch Logs, which answers with %j', async (answers, advice) => {
    const { endpoint, close } = await startScriptedCloudwatch(answers);
    const finding = await checkOf('cloudwatch', logsAt(endpoint));
    close();
    expect(finding).toMatchObject({ state: 'fails', advice: expect.stringMatching(advice) });
  });

  it('CloudWatch Logs that may not set the retention: it keeps lines for ever', async () => {
    const { endpoint, close } = await startScriptedCloudwatch({
      PutRetentionPolicy: failing('AccessDeniedException'),
    });
    const finding = await checkOf('cloudwatch', {
      ...logsAt(endpoint),
      CLOUDWATCH_LOG_RETENTION_DAYS: '7',
    });
    close();
    expect(finding).toMatchObject({
      state: 'works',
      advice: expect.stringMatching(/forever.*AccessDenied/),
    });
  });

  it('an X-Ray daemon that does not listen', async () => {
    const finding = await checkOf('xray', { AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${await freePort()}` });
    expect(finding).toMatchObject({
      state: 'fails',
      advice: expect.stringContaining('start the X-Ray daemon'),
    });
  });

  it('an X-Ray daemon that listens on UDP but not on TCP', async () => {
    const hole = await startUdpBlackHole();
    const address = `udp:127.0.0.1:${hole.port} tcp:127.0.0.1:${await freePort()}`;
    const finding = await checkOf('xray', { AWS_XRAY_DAEMON_ADDRESS: address });
    expect(hole.datagrams()).toBe(1);
    await hole.close();
    expect(finding).toMatchObject({
      state: 'fails',
      answer: expect.stringMatching(/sent over UDP, which is never acknowledged; TCP failed:.*ECONNREFUSED/),
      advice: expect.stringContaining('its TCP port'),
    });
  });

  it.each<[FaultMode, string]>([
    [{ status: 403 }, "check the daemon's log, credentials"],
    ['null', 'another service listens there, not the X-Ray daemon'],
  ])('the X-Ray daemon, which answers with %j', async (mode, advice) => {
    const hole = await startUdpBlackHole();
    const finding = await checkAt('xray', mode, (url) => ({
      AWS_XRAY_DAEMON_ADDRESS: `udp:127.0.0.1:${hole.port} tcp:${new URL(url).host}`,
    }));
    await hole.close();
    expect(finding).toMatchObject({ state: 'fails', advice: expect.stringContaining(advice) });
  });

  it.each<[FaultMode, string, RegExp, RegExp]>([
    ['ok', 'works', /the span was accepted, unsigned/, /^null$/],
    [{ status: 403 }, 'fails', /answered 403/, /unauthenticated/],
    [{ status: 404 }, 'fails', /AWS_XRAY_OTLP_ENDPOINT does not accept/, /include its path \/v1\/traces/],
  ])('a Collector in front of X-Ray, which answers with %j', async (mode, state, answer, advice) => {
    const finding = await checkAt('xray', mode, (url) => ({ AWS_XRAY_OTLP_ENDPOINT: `${url}/v1/traces` }));
    expect(finding).toMatchObject({ state, answer: expect.stringMatching(answer) });
    expect(String(finding?.advice)).toMatch(advice);
  });

  it("X-Ray's OTLP endpoint without credentials", async () => {
    const { code, stdout } = await runDoctor({
      AWS_XRAY_OTLP_ENDPOINT: 'https://xray.us-east-2.amazonaws.com/v1/traces',
      AWS_EC2_METADATA_DISABLED: 'true',
      HOME: '/nonexistent',
    });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^xray +fails .*no AWS credentials could be loaded .*set AWS_ACCESS_KEY_ID/m);
  });

  it('a missing sampling rule: the default rule works', async () => {
    const others = await startReceivers({
      samplingRules: [
        { ...SAMPLE_ALL, RuleName: 'Default' },
        { ...SAMPLE_ALL, RuleName: 'other', ServiceName: 'frontend?' },
      ],
    });
    const finding = await checkOf('xray', daemonOf(others.environment));
    await others.close();
    expect(finding).toMatchObject({
      state: 'works',
      answer: expect.stringContaining('no sampling rule matches backend-express'),
      advice: expect.stringContaining('aws xray create-sampling-rule'),
    });
  });

  describe('the sampling rule that decides', () => {
    const rule = (changes: object) => ({ ...SAMPLE_ALL, RuleName: 'Cruddur', Priority: 9000, ...changes });
    const DEFAULT = rule({ RuleName: 'Default', Priority: 10_000, FixedRate: 0.05, ReservoirSize: 1 });

    async function checkRules(rules: readonly object[], more: Readonly<Record<string, string>> = {}) {
      const daemon = await startReceivers({ samplingRules: [DEFAULT, ...rules] as never });
      try {
        return await checkOf('xray', { ...daemonOf(daemon.environment), ...more });
      } finally {
        await daemon.close();
      }
    }

    const HOME = 'GET /api/activities/home at 127.0.0.1:4567';

    it('is named with what it samples', async () => {
      const finding = await checkRules([
        rule({ FixedRate: 0.1, ReservoirSize: 5, ServiceName: 'backend-express' }),
      ]);
      expect(finding).toMatchObject({
        state: 'works',
        answer: expect.stringContaining(
          `the sampling rule Cruddur (priority 9000): for ${HOME}, 5 requests per second and 10 % of the rest`,
        ),
        advice: null,
      });
    });

    it.each([
      ['Host', { Host: 'api.example.com' }, 'Host api.example.com'],
      ['HTTPMethod', { HTTPMethod: 'POST' }, 'HTTPMethod POST'],
      ['URLPath', { URLPath: '/api/messages*' }, 'URLPath /api/messages*'],
    ])(
      'is the default one where the rule of the service is restricted by %s',
      async (_name, changes, text) => {
        const finding = await checkRules([rule({ ServiceName: 'backend-express', ...changes })]);
        expect(finding).toMatchObject({
          state: 'works',
          answer: expect.stringMatching(
            /no sampling rule matches backend-express.*the rule Default decides: .*1 request per second and 5 %/,
          ),
          advice: expect.stringContaining(`the rule Cruddur names the service, but is restricted to ${text}`),
        });
      },
    );

    it.each([
      [
        'samples nothing',
        { FixedRate: 0, ReservoirSize: 0 },
        /samples nothing: raise its FixedRate or ReservoirSize/,
      ],
      ['comes before', { FixedRate: 1, ReservoirSize: 0 }, /comes before Cruddur \(priority 9000\)/],
    ])('is the first by priority, which %s', async (_name, changes, advice) => {
      const finding = await checkRules([
        rule({ ServiceName: 'backend-express' }),
        rule({ RuleName: 'all', Priority: 100, ...changes }),
      ]);
      expect(finding).toMatchObject({
        state: 'works',
        answer: expect.stringContaining('the sampling rule all (priority 100)'),
        advice: expect.stringMatching(advice),
      });
    });

    it('may match by ServiceType, which the service does not tell', async () => {
      const finding = await checkRules([
        rule({ ServiceName: 'backend-express', ServiceType: 'AWS::ECS::Container' }),
      ]);
      expect(finding?.answer).toContain('the sampling rule Cruddur');
    });

    it('is none that has attributes, another version or another resource', async () => {
      const finding = await checkRules([
        rule({ Priority: 1, Attributes: { tenant: 'a' } }),
        rule({ RuleName: 'next', Priority: 2, Version: 2 }),
        rule({ RuleName: 'arn', Priority: 3, ResourceARN: 'arn:aws:ecs:x' }),
      ]);
      expect(finding).toMatchObject({
        answer: expect.stringContaining('the rule Default decides'),
        advice: expect.stringContaining(
          'the SDK ignores the rules Cruddur (attributes), next (version 2), arn (ResourceARN)',
        ),
      });
    });

    it('is found at the host of BACKEND_URL, by the dynamic name too', async () => {
      const rules = [rule({ ServiceName: '*api.example*', Host: 'api.example.com' })];
      const atHost = { BACKEND_URL: 'https://api.example.com', AWS_XRAY_URL: '*api.example*' };
      expect((await checkRules(rules, atHost))?.answer).toMatch(/rule Cruddur .* at api\.example\.com/);
      expect((await checkRules(rules))?.answer).toContain('the rule Default decides');
    });
  });

  it.each([
    [-3600, 'fails', /36\d\d s ahead/],
    [3600, 'fails', /(3600|35\d\d) s behind/],
    [-60, 'works', /\d\d s ahead/],
  ])('a clock that differs from the back end by %i s', async (seconds, state, answer) => {
    const date = new Date(Math.round(Date.now() / 1000 + seconds) * 1000).toUTCString();
    const finding = await checkAt('clock', { status: 200, headers: { date }, body: '{}' }, otlpAt);
    expect(finding).toMatchObject({ state, answer: expect.stringMatching(answer) });
  });
});
