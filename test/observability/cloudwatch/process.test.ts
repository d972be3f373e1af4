import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { startFaultyServer } from '../../helpers/network/faulty-server.ts';
import { setCredentials } from '../../helpers/telemetry/cloudwatch-logger.ts';
import { type Receivers, startReceivers } from '../../helpers/telemetry/receivers.ts';

let receivers: Receivers;

beforeAll(async () => {
  setCredentials();
  receivers = await startReceivers();
});

afterAll(() => receivers.close());

describe.concurrent('a process that logs to CloudWatch', () => {
  const url = (path: string) => new URL(`../../../src/observability/${path}`, import.meta.url).href;

  function run(endpoint: string, script: string, environment: Record<string, string> = {}) {
    const program = `
      import { createCloudwatchTransport } from '${url('cloudwatch/transport.ts')}';
      import { createLogger } from '${url('logging/logger.ts')}';
      import { createSinkCounters } from '${url('delivery/sink-counters.ts')}';
      const sink = createSinkCounters('cloudwatch', 'localhost');
      const config = { group: 'cruddur', stream: 'process/' + process.pid, retentionDays: 7, region: 'us-east-1', endpoint: '${endpoint}' };
      const cloudwatch = createCloudwatchTransport({ config, sink });
      const logger = createLogger({ level: 'info', service: 's', stdout: process.stdout, cloudwatch });
      ${script}
      process.stderr.write(JSON.stringify(sink.report()));`;
    return spawn(process.execPath, ['--input-type=module', '-e', program], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  async function outcome(child: ReturnType<typeof run>) {
    const exit = new Promise<number | null>((resolve) => child.on('close', resolve));
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { code: await exit, lines: stdout.split('\n').length - 1, report: JSON.parse(stderr) };
  }

  it('has delivered all when it ends after the drain, also what was in flight', async ({ expect }) => {
    const server = await startFaultyServer({ slow: 100 }, receivers.url);
    const script = `logger.info('in flight');
      while (sink.report().sent === 0 && process.uptime() < 3) await new Promise((r) => setTimeout(r, 5));
      logger.info('left'); await logger.drain(8000);`;
    const { code, lines, report } = await outcome(run(server.url, script));
    expect({ code, lines }).toEqual({ code: 0, lines: 2 });
    expect(report).toMatchObject({ accepted: 2, sent: 2, dropped: 0 });
    await server.close();
  });

  it('ends when the drain is over though CloudWatch Logs hangs, and has all lines on stdout', async ({
    expect,
  }) => {
    const server = await startFaultyServer('hang');
    const start = performance.now();
    const { code, lines, report } = await outcome(
      run(server.url, `logger.info('m'); await logger.drain(200);`),
    );
    expect(performance.now() - start).toBeLessThan(8000);
    expect({ code, lines }).toEqual({ code: 0, lines: 1 });
    expect(report).toMatchObject({ accepted: 1, sent: 0, dropped: 1 });
    await server.close();
  });

  it('is told that it has no credentials', async ({ expect }) => {
    const script = `logger.info('m');
      while (sink.report().last_error === null) await new Promise((r) => setTimeout(r, 5));
      process.stderr.write(JSON.stringify(sink.report())); process.exit(0);`;
    const { report } = await outcome(
      run(receivers.url, script, {
        AWS_ACCESS_KEY_ID: '',
        AWS_SECRET_ACCESS_KEY: '',
        AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
        AWS_CONFIG_FILE: '/dev/null',
        AWS_EC2_METADATA_DISABLED: 'true',
      }),
    );
    expect(report).toMatchObject({
      queued: 1,
      dropped: 0,
      last_error: 'DescribeLogStreams: no AWS credentials could be loaded',
    });
  });
});
