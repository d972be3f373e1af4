import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ROOT, useServices } from '../../helpers/app/service.ts';
import { AUTHORITY, type ForwardProxy, startForwardProxy } from '../../helpers/network/forward-proxy.ts';
import { freePort } from '../../helpers/network/free-port.ts';
import { useNodeProcesses } from '../../helpers/process/node-process.ts';
import { type Receivers, startReceivers } from '../../helpers/telemetry/receivers.ts';
import { until } from '../../helpers/until.ts';
import { describeRealService } from '../support/describe-real-service.ts';
import { useRealServiceProcesses } from '../support/real-service-process.ts';

const HOSTS = [
  'api.honeycomb.io',
  'api.rollbar.com',
  'logs.us-east-2.amazonaws.com',
  'xray.us-east-2.amazonaws.com',
];

describeRealService('tinyproxy', 'Behind the forward proxy', ({ path }) => {
  const startProcess = useRealServiceProcesses();
  const startNode = useNodeProcesses();
  const services = useServices();
  let folder: string;
  let port: number;
  let receivers: Receivers;
  let internet: ForwardProxy;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cruddur-tinyproxy-'));
    receivers = await startReceivers();
    // The names of the four systems exist only there.
    internet = await startForwardProxy(receivers.url);
    port = await freePort();
    const file = join(folder, 'tinyproxy.conf');
    await writeFile(
      file,
      [
        `Port ${port}`,
        'Listen 127.0.0.1',
        'Allow 127.0.0.1',
        'BasicAuth cruddur p-ass_word',
        'ConnectPort 443',
        `Upstream http 127.0.0.1:${internet.port}`,
        `LogFile "${join(folder, 'log')}"`,
        'LogLevel Connect',
        'Timeout 600',
        '',
      ].join('\n'),
    );
    await startProcess(path, ['-d', '-c', file], { port });
  });
  afterAll(async () => {
    await internet.close();
    await receivers.close();
    await rm(folder, { recursive: true });
  });

  const environment = (password: string) => ({
    HONEYCOMB_API_KEY: 'hcaik_key',
    AWS_XRAY_OTLP_ENDPOINT: 'https://xray.us-east-2.amazonaws.com/v1/traces',
    CLOUDWATCH_LOG_GROUP: 'cruddur',
    AWS_REGION: 'us-east-2',
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    ROLLBAR_ACCESS_TOKEN: '0123456789abcdef0123456789abcdef',
    OTEL_BSP_SCHEDULE_DELAY: '50',
    HTTPS_PROXY: `http://cruddur:${password}@127.0.0.1:${port}`,
    NODE_EXTRA_CA_CERTS: AUTHORITY,
  });

  it('all four systems are reached over TLS by a private authority', async () => {
    const database = { DATABASE_URL: `postgres://127.0.0.1:${await freePort()}/none` };
    const service = await services.start({ ...environment('p-ass_word'), ...database });
    expect(await service.ask('/rollbar/test')).toMatchObject({ status: 200 });
    await receivers.until(
      () =>
        receivers.requests('otlp').length > 1 &&
        receivers.logEvents().some(({ fields }) => fields.message === 'GET /rollbar/test 200') &&
        receivers.reports().length > 0,
    );
    expect(await service.stop()).toMatchObject({ code: 0, stderr: '' });
    const log = await readFile(join(folder, 'log'), 'utf8');
    for (const host of HOSTS) expect(log).toContain(`CONNECT ${host}:443`);
    // What arrived came through tinyproxy, which keeps its own credentials to itself.
    expect(new Set(internet.targets())).toEqual(new Set(HOSTS.map((host) => `CONNECT ${host}:443`)));
  });

  it('the doctor says that all works, and that a wrong password is wrong', async () => {
    const doctor = (password: string) =>
      startNode([join(ROOT, 'src/cli/doctor.ts')], { cwd: tmpdir(), environment: environment(password) })
        .ended;
    const right = await doctor('p-ass_word');
    expect(right.stdout.match(/^\w+ +works /gm)?.length).toBeGreaterThanOrEqual(4);
    expect(right.code).toBe(0);
    const wrong = await doctor('hush');
    expect(
      wrong.stdout.match(/fails .*the proxy answered 401 .*the proxy wants a user and password/g),
    ).toHaveLength(4);
    expect(wrong.stdout + wrong.stderr).not.toContain('hush');
  });

  it('with a wrong password, nothing is lost at once, and the reason is told', async () => {
    const database = { DATABASE_URL: `postgres://127.0.0.1:${await freePort()}/none` };
    const service = await services.start({
      ...environment('hush'),
      ...database,
      SHUTDOWN_DEADLINE_MS: '1000',
    });
    expect(await service.ask('/rollbar/test')).toMatchObject({ status: 200 });
    await until(async () =>
      Object.values(await service.telemetry()).every(({ last_error }) =>
        /the proxy answered 401/.test(`${last_error}`),
      ),
    );
    for (const { dropped } of Object.values(await service.telemetry())) expect(dropped).toBe(0);
    const { stdout } = await service.stop();
    expect(stdout).not.toContain('hush');
  });
});
