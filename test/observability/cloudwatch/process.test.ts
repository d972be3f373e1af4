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
  function run(endpoint: string, scenario: string, environment: Record<string, string> = {}) {
    const program = `${import.meta.dirname}/cloudwatch-program.ts`;
    return spawn(process.execPath, [program, endpoint, scenario], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  async function outcome(child: ReturnType<typeof run>) {
    const exit = new Promise<number | null>((resolve) => child.on('close', resolve));
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { code: await exit, lines: stdout.split('\n').length - 1, report: JSON.parse(stderr) };
  }

  it('has delivered all lines when it ends after the drain, including those in flight', async ({
    expect,
  }) => {
    const server = await startFaultyServer({ slow: 100 }, receivers.url);
    const { code, lines, report } = await outcome(run(server.url, 'deliverAll'));
    expect({ code, lines }).toEqual({ code: 0, lines: 2 });
    expect(report).toMatchObject({ accepted: 2, sent: 2, dropped: 0 });
    await server.close();
  });

  it('ends after the drain although CloudWatch Logs hangs, with all lines on stdout', async ({ expect }) => {
    const server = await startFaultyServer('hang');
    const start = performance.now();
    const { code, lines, report } = await outcome(run(server.url, 'drainOnce'));
    expect(performance.now() - start).toBeLessThan(8000);
    expect({ code, lines }).toEqual({ code: 0, lines: 1 });
    expect(report).toMatchObject({ accepted: 1, sent: 0, dropped: 1 });
    await server.close();
  });

  it('reports missing credentials', async ({ expect }) => {
    const { report } = await outcome(
      run(receivers.url, 'awaitError', {
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
