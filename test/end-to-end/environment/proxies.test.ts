import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useServices } from '../../helpers/app/service.ts';
import { AUTHORITY, type ForwardProxy, startForwardProxy } from '../../helpers/network/forward-proxy.ts';
import { freePort } from '../../helpers/network/free-port.ts';
import { type Receivers, startReceivers } from '../../helpers/telemetry/receivers.ts';
import { until } from '../../helpers/until.ts';

const services = useServices();
let receivers: Receivers;
let proxy: ForwardProxy;
beforeAll(async () => {
  receivers = await startReceivers();
  proxy = await startForwardProxy(receivers.url);
});
afterAll(async () => {
  await proxy.close();
  await receivers.close();
});

const keys = () => ({
  HONEYCOMB_API_KEY: 'key',
  CLOUDWATCH_LOG_GROUP: 'cruddur',
  AWS_REGION: 'us-east-2',
  AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  ROLLBAR_ACCESS_TOKEN: '0123456789abcdef0123456789abcdef',
  OTEL_BSP_SCHEDULE_DELAY: '50',
});

describe.concurrent('behind a proxy', () => {
  it('all four systems are reached, X-Ray’s daemon directly, with an authority that only .env names', async () => {
    const { AWS_XRAY_DAEMON_ADDRESS: daemon = '' } = receivers.environment;
    const service = await services.start(
      {
        ...keys(),
        AWS_XRAY_DAEMON_ADDRESS: daemon,
        DATABASE_URL: `postgres://127.0.0.1:${await freePort()}/none`,
      },
      {
        dotEnv: [
          `https_proxy=http://cruddur:hush%40word@127.0.0.1:${proxy.port}`,
          `HTTP_PROXY=http://127.0.0.1:${await freePort()}`,
          `NODE_EXTRA_CA_CERTS=${AUTHORITY}`,
        ].join('\n'),
      },
    );
    expect(await service.ask('/rollbar/test')).toMatchObject({ status: 200 });
    await receivers.until(
      () =>
        receivers.spans().length > 0 &&
        receivers.segments().length > 0 &&
        receivers.logEvents().some(({ fields }) => fields.message === 'GET /rollbar/test 200') &&
        receivers.reports().length > 0,
    );
    const telemetry = await service.telemetry();
    for (const { dropped, last_error } of Object.values(telemetry)) {
      expect({ dropped, last_error }).toEqual({ dropped: 0, last_error: null });
    }
    const { code, stdout, stderr } = await service.stop();
    expect(new Set(proxy.targets())).toEqual(
      new Set([
        'CONNECT api.honeycomb.io:443',
        'CONNECT api.rollbar.com:443',
        'CONNECT logs.us-east-2.amazonaws.com:443',
      ]),
    );
    expect(proxy.credentials()[0]).toBe(`Basic ${Buffer.from('cruddur:hush@word').toString('base64')}`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout + JSON.stringify(telemetry)).not.toMatch(/hush/);
  });

  it('that hangs or refuses, answers stay quick, the reason is told, and the exit is in time', async () => {
    const broken = await startForwardProxy(receivers.url, 'hang');
    const service = await services.start({
      ...keys(),
      AWS_XRAY_OTLP_ENDPOINT: 'https://xray.us-east-2.amazonaws.com/v1/traces',
      DATABASE_URL: `postgres://127.0.0.1:${await freePort()}/none`,
      HTTPS_PROXY: `http://cruddur:hush@127.0.0.1:${broken.port}`,
      NODE_EXTRA_CA_CERTS: AUTHORITY,
      OTEL_EXPORTER_OTLP_TIMEOUT: '300',
      SHUTDOWN_DEADLINE_MS: '1500',
    });
    const before = performance.now();
    expect(await service.ask('/rollbar/test')).toMatchObject({ status: 200 });
    expect(performance.now() - before).toBeLessThan(1000);
    broken.become({ status: 407 });
    const reasons = async () => Object.values(await service.telemetry()).map((sink) => sink.last_error);
    const refused = async () => (await reasons()).every((text) => text?.includes('the proxy answered 407'));
    await until(refused, 15_000);
    broken.become('hang');
    await service.ask('/rollbar/test');
    const { code, stdout, stderr, afterMs } = await service.stop();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(afterMs).toBeLessThan(2500);
    expect(stdout).not.toMatch(/hush/);
    await broken.close();
  });
});
