import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const CORE = '0';
const NODE_FLAGS = ['--disable-warning=ExperimentalWarning'];

const canPin = spawnSync('taskset', ['--version']).status === 0;

export interface ConsoleProcess {
  readonly url: string;
  readonly pid: number;
  end(): Promise<void>;
}

/** Starts the console on one core, where `taskset` exists. It ends with this process. */
export async function startConsoleProcess(): Promise<ConsoleProcess> {
  const child = fork(MAIN, [], {
    execPath: canPin ? 'taskset' : process.execPath,
    execArgv: canPin ? ['-c', CORE, process.execPath, ...NODE_FLAGS] : NODE_FLAGS,
    env: { PATH: process.env.PATH, CONSOLE_PORT: '0', CONSOLE_XRAY_PORT: '0' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return {
    url: await urlOf(child),
    pid: child.pid ?? 0,
    async end() {
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      await exit;
    },
  };
}

async function urlOf(child: ChildProcess): Promise<string> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the console ended with code ${code}`);
  });
  ended.catch(() => {});
  const [{ url }] = (await Promise.race([once(child, 'message'), ended])) as [{ url: string }];
  return url;
}
