import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);

/** Runs sdk-program.ts, because the SDK reads the environment once per process, when it is loaded. */
async function runProgram(scenario: string, env: Record<string, string> = {}): Promise<unknown> {
  const program = `${import.meta.dirname}/sdk-program.ts`;
  const { stdout } = await run(process.execPath, [program, scenario], {
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...env },
    timeout: 20_000,
  });
  return JSON.parse(stdout);
}

test('the SDK runs in manual mode, without async_hooks, despite its own variables', async () => {
  const settings = {
    AWS_XRAY_DAEMON_ADDRESS: 'udp-daemon:2000',
    AWS_XRAY_TRACING_NAME: 'something else',
    AWS_XRAY_CONTEXT_MISSING: 'NONSENSE',
    AWS_XRAY_DEBUG_MODE: 'TRUE',
  };
  const result = await runProgram('settings', settings);
  expect(result).toEqual({
    automatic: false,
    namespaces: [],
    name: 'backend-express',
    environment: { ...settings, AWS_XRAY_MANUAL_MODE: '1' },
  });
});

test('throws when other code has loaded the SDK in automatic mode', async () => {
  expect(await runProgram('loadedBefore')).toBe('the X-Ray SDK is already loaded, in automatic mode');
});

test('does not keep a process alive that does not drain', async () => {
  expect(await runProgram('withoutDrain')).toBe('done');
});
