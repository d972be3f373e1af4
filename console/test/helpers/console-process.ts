import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const MAIN = join(import.meta.dirname, '../../src/main.ts');

/** How a process ended. */
interface Ended {
  /** `null` when a signal killed it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface ConsoleProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves with what `pattern` matches in stdout. Rejects when the process ends before it does. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  /** Resolves with the console's origin when it is ready. */
  url(): Promise<string>;
}

interface LaunchOptions {
  /** Added to `PATH` and free ports; nothing else of the environment is passed on. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The largest file that the process may write, in units of 512 bytes. */
  readonly fileBlocks?: number;
}

interface Consoles {
  /** The working directory of each process, deleted after the tests. */
  readonly folder: string;
  launch(flags?: readonly string[], options?: LaunchOptions): ConsoleProcess;
}

/** Runs the console as `npm start` does, and kills remaining processes after the tests of the file. */
export function useConsoleProcesses(): Consoles {
  const folder = mkdtempSync(join(tmpdir(), 'cruddur-console-'));
  const running: ConsoleProcess[] = [];
  const kill = () => {
    for (const { child } of running) child.kill('SIGKILL');
  };
  process.once('exit', kill);
  afterAll(async () => {
    kill();
    await Promise.all(running.map(({ ended }) => ended));
    process.off('exit', kill);
    rmSync(folder, { recursive: true });
  });
  return {
    folder,
    launch(flags = [], options = {}) {
      const started = launch(folder, flags, options);
      running.push(started);
      return started;
    },
  };
}

function launch(
  cwd: string,
  flags: readonly string[],
  { environment, fileBlocks }: LaunchOptions,
): ConsoleProcess {
  const { PATH, NODE_COMPILE_CACHE: cache } = process.env;
  // V8 rejects code that was compiled with other flags, and the console changes them at its start.
  const NODE_COMPILE_CACHE = cache && join(cache, 'console-src-main');
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', MAIN, ...flags];
  const limited = ['sh', '-c', `ulimit -f ${fileBlocks}; exec "$0" "$@"`, ...node];
  const [command = '', ...args] = fileBlocks === undefined ? node : limited;
  const child = spawn(command, args, {
    cwd,
    env: { PATH, NODE_COMPILE_CACHE, CONSOLE_PORT: '0', CONSOLE_XRAY_PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = once(child, 'close').then(([code]): Ended => ({ code, stdout, stderr }));

  function printed(pattern: RegExp): Promise<RegExpExecArray> {
    const { promise, resolve, reject } = Promise.withResolvers<RegExpExecArray>();
    const look = () => {
      const match = pattern.exec(stdout);
      if (match === null) return;
      child.stdout.off('data', look);
      resolve(match);
    };
    child.stdout.on('data', look);
    look();
    ended.then(({ code }) => reject(new Error(`ended with ${code} before ${pattern}:\n${stdout}${stderr}`)));
    return promise;
  }

  return { child, ended, printed, url: async () => (await printed(/console {3}(\S+)\n/))[1] ?? '' };
}
