import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll } from 'vitest';
import { compileCacheFor } from './compile-cache.ts';

/** How a process ended. */
export interface Ended {
  /** `null` when a signal killed it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface NodeProcess {
  readonly child: ChildProcess;
  /** The output so far. */
  stdout(): string;
  stderr(): string;
  readonly ended: Promise<Ended>;
  /** Resolves with the first match of `pattern` in stdout. Rejects when the process ends without one. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
}

interface NodeProcessOptions {
  readonly cwd: string;
  /** Besides `PATH` and the cache of compiled code. The developer's own variables have no effect. */
  readonly environment: Readonly<Record<string, string>>;
  /** A program and its arguments, which runs Node with the further ones. */
  readonly within?: readonly string[];
  /** The size limit of files, in units of 512 bytes. */
  readonly fileBlocks?: number;
}

type StartNode = (args: readonly string[], options: NodeProcessOptions) => NodeProcess;

/**
 * Starts Node processes for the file, or the `describe` around it, and ends them with `signal` at its end.
 */
export function useNodeProcesses(signal: NodeJS.Signals = 'SIGKILL'): StartNode {
  const running: NodeProcess[] = [];
  const kill = () => {
    for (const { child } of running) child.kill(signal);
  };
  process.once('exit', kill);
  afterAll(async () => {
    kill();
    await Promise.all(running.map(({ ended }) => ended));
    process.off('exit', kill);
  });
  return (args, options) => {
    const started = startNode(args, options);
    running.push(started);
    return started;
  };
}

/** Starts Node with these arguments and records its output. */
function startNode(args: readonly string[], options: NodeProcessOptions): NodeProcess {
  const { cwd, environment, within = [], fileBlocks } = options;
  const { PATH } = process.env;
  const node = [...within, process.execPath, ...args];
  const limited = ['sh', '-c', `ulimit -f ${fileBlocks}; exec "$0" "$@"`, ...node];
  const [command = '', ...rest] = fileBlocks === undefined ? node : limited;
  const child = spawn(command, rest, {
    cwd,
    env: { PATH, NODE_COMPILE_CACHE: compileCacheFor(args), ...environment },
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
  const ended = once(child, 'close').then(([code, signal]): Ended => ({ code, signal, stdout, stderr }));

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

  return { child, stdout: () => stdout, stderr: () => stderr, ended, printed };
}
