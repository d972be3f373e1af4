import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { useServices } from '../../helpers/app/service.ts';
import { freePort } from '../../helpers/network/free-port.ts';
import { startReceivers } from '../../helpers/telemetry/receivers.ts';

const services = useServices();

/** Nothing listens there, which does not keep a service from starting. */
const DATABASE_URL = 'postgres://cruddur:hush-1@127.0.0.1:1/cruddur';

describe.concurrent('the environment', () => {
  it('is checked before the service listens, with one sentence per error and no value', async () => {
    const port = await freePort();
    const values = {
      DATABASE_URL: 'mysql://root:hush-1@host/cruddur',
      HOST: '127.0.0.1',
      TRUST_PROXY: 'hush-2',
      SHUTDOWN_DEADLINE_MS: 'hush-3',
      LOG_LEVEL: 'hush-4',
      FRONTEND_URL: 'hush-5',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'hush-6',
      OTEL_EXPORTER_OTLP_HEADERS: 'hush-7',
      OTEL_TRACES_SAMPLER: 'hush-8',
      OTEL_TRACES_SAMPLER_ARG: '1.5',
      AWS_XRAY_DAEMON_ADDRESS: 'hush-9',
      CLOUDWATCH_LOG_GROUP: 'cruddur',
      CLOUDWATCH_LOG_RETENTION_DAYS: '2',
      ROLLBAR_ACCESS_TOKEN: 'hush 10',
      ROLLBAR_ENDPOINT: 'hush-11',
    };
    const service = services.launch({ ...values, PORT: String(port) });
    const { code, stdout, stderr } = await service.ended;
    expect({ code, stdout }).toEqual({ code: 78, stdout: '' });
    const { HOST: _fine, CLOUDWATCH_LOG_GROUP: _needsRegion, ...wrong } = values;
    const [title, ...faults] = stderr.trimEnd().split('\n');
    expect(title).toBe(
      `cannot start: invalid configuration (${faults.length === 1 ? '1 error' : `${faults.length} errors`})`,
    );
    expect(faults.map((fault) => fault.trim().split(' ')[0]).sort()).toEqual(
      [...Object.keys(wrong), 'AWS_REGION'].sort(),
    );
    for (const fault of faults) expect(fault).toMatch(/^ {2}[A-Z_]+ (must|may) /);
    expect(stderr).not.toContain('hush');
    await expect(once(connect(port, '127.0.0.1'), 'connect')).rejects.toThrow('ECONNREFUSED');
  });

  it('must name a database; the error names the alternative', async () => {
    const { code, stderr } = await services.launch({}).ended;
    expect(code).toBe(78);
    expect(stderr).toMatch(/DATABASE_URL must be set .*npm start/);
  });

  it('takes unset variables from .env in the working directory', async () => {
    const dotEnv = `
      DATABASE_URL=${DATABASE_URL}
      OTEL_SERVICE_NAME=from-the-file
      LOG_LEVEL=error
      SHUTDOWN_DEADLINE_MS=500`;
    const service = await services.start({ LOG_LEVEL: 'info' }, { dotEnv });
    await service.ask('/api/health-check');
    expect(await service.stop()).toMatchObject({ code: 0, stderr: '' });
    expect(service.lines()).not.toEqual([]);
    for (const line of service.lines()) expect(line.service).toBe('from-the-file');
  });

  it('treats empty variables as unset', async () => {
    const empty = Object.fromEntries(
      [
        'HOST',
        'TRUST_PROXY',
        'LOG_LEVEL',
        'SHUTDOWN_DEADLINE_MS',
        'OTEL_EXPORTER_OTLP_ENDPOINT',
        'OTEL_EXPORTER_OTLP_HEADERS',
        'OTEL_TRACES_SAMPLER',
        'OTEL_TRACES_SAMPLER_ARG',
        'AWS_XRAY_DAEMON_ADDRESS',
        'AWS_XRAY_URL',
        'CLOUDWATCH_LOG_GROUP',
        'AWS_REGION',
        'ROLLBAR_ACCESS_TOKEN',
        'ROLLBAR_ENDPOINT',
      ].map((name) => [name, '']),
    );
    const service = await services.start({ ...empty, DATABASE_URL, OTEL_SERVICE_NAME: '  ' });
    expect(
      Object.values(await service.telemetry()).map(({ on, destination }) => ({ on, destination })),
    ).toEqual(Array(4).fill({ on: false, destination: null }));
    expect(service.lines()[0]?.service).toBe('backend-express');
    expect(await service.stop('SIGINT')).toMatchObject({ code: 0, stderr: '' });
  });

  it('is read without the quotes, blanks and line ends around values, by libraries too', async () => {
    const receivers = await startReceivers();
    const given = {
      ...receivers.environment,
      OTEL_SERVICE_NAME: 'mine',
      DATABASE_URL,
      SHUTDOWN_DEADLINE_MS: '900',
    };
    const quoted = Object.entries(given).map(([name, value]) => [name, ` "${value}"\r\n`]);
    const service = await services.start(Object.fromEntries(quoted), {
      dotEnv: '\ufeffAWS_SESSION_TOKEN="s1"\r\n',
    });
    await service.ask('/rollbar/test');
    const request = await receivers.until(() => receivers.requests('cloudwatch-logs')[0]);
    expect(request.headers).toMatchObject({
      authorization: expect.stringMatching(/Credential=AKIAIOSFODNN7EXAMPLE\/\d{8}\/ca-central-1\/logs\//),
      'x-amz-security-token': 's1',
    });
    const report = await receivers.until(() => receivers.reports()[0]);
    expect(report).toMatchObject({ body: { message: { body: 'Hello World!' } } });
    await service.stop();
    await receivers.close();
  });

  it('names PORT in one line when the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { code, stdout, stderr } = await services.launch({ DATABASE_URL, PORT: String(port) }).ended;
    other.close();
    expect(code).toBe(1);
    expect(stdout).toContain(`"message":"cannot start: port ${port} is taken: set PORT to another"`);
    expect(stdout + stderr).not.toContain('uncaught');
    expect(stdout).not.toContain('listening at');
    expect(stdout + stderr).not.toContain('hush');
  });
});
