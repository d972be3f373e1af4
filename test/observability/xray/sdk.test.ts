import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);

/** Runs a program of its own, for the SDK reads the environment once, when it is loaded. */
async function runProgram(program: string, env: Record<string, string> = {}): Promise<unknown> {
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: `${import.meta.dirname}/../../..`,
    env: { PATH: process.env.PATH ?? '', ...env },
    timeout: 20_000,
  });
  return JSON.parse(stdout);
}

const CREATE = `
  import { createSinkCounters } from './src/observability/delivery/sink-counters.ts';
  import { createXRay } from './src/observability/xray/xray.ts';
  import { createRequire } from 'node:module';
  const require = createRequire(process.cwd() + '/src/');
  const create = () => createXRay({
    config: {
      daemon: { udp: { host: '127.0.0.1', port: 9 }, tcp: { host: '127.0.0.1', port: 9 } },
      namePattern: undefined,
    },
    service: { name: 'backend-express', version: '1.2.3' },
    trustProxy: false,
    sink: createSinkCounters('xray', '127.0.0.1:9'),
    logger: { debug() {} },
  });
`;

test('the SDK runs in manual mode, without async_hooks, whatever its own variables say', async () => {
  const settings = {
    AWS_XRAY_DAEMON_ADDRESS: 'udp-daemon:2000',
    AWS_XRAY_TRACING_NAME: 'something else',
    AWS_XRAY_CONTEXT_MISSING: 'NONSENSE',
    AWS_XRAY_DEBUG_MODE: 'TRUE',
  };
  const result = await runProgram(
    `${CREATE}
    const xray = create();
    const core = require('aws-xray-sdk-core');
    await xray.drain(10);
    console.log(JSON.stringify({
      automatic: core.isAutomaticMode(),
      namespaces: Object.keys(process.namespaces ?? {}),
      name: core.middleware.resolveName('localhost'),
      environment: Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('AWS_XRAY_'))),
    }));`,
    settings,
  );
  expect(result).toEqual({
    automatic: false,
    namespaces: [],
    name: 'backend-express',
    environment: { ...settings, AWS_XRAY_MANUAL_MODE: '1' },
  });
});

test('what loaded the SDK in automatic mode before is an error', async () => {
  const result = await runProgram(`${CREATE}
    require('aws-xray-sdk-core');
    try {
      create();
    } catch (error) {
      console.log(JSON.stringify(error.message));
    }`);
  expect(result).toBe('the X-Ray SDK is already loaded, in automatic mode');
});

test('a process that does not drain ends all the same', async () => {
  expect(await runProgram(`${CREATE} create(); console.log('"done"');`)).toBe('done');
});
