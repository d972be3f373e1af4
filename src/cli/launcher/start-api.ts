import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { NODE_ARGUMENTS } from './node-arguments.ts';

const END_WITH_LAUNCHER = new URL('./exit-with-parent.ts', import.meta.url).href;
const MAIN = fileURLToPath(new URL('../../main.ts', import.meta.url));
const POLL_MS = 40;

export interface RunningApi {
  /** Resolves with the exit code; 128 + n when signal n killed the process. */
  readonly exit: Promise<number>;
  /** Resolves with true once the API answers, with false when it ended before. */
  isReady(address: { host: string; port: number }): Promise<boolean>;
  stop(signal: NodeJS.Signals): void;
}

/**
 * Starts the API as it runs alone, in a process group of its own: a Ctrl-C reaches it through `stop`, once. It has a
 * channel to this process only to end with it.
 */
export function startApi(env: NodeJS.ProcessEnv): RunningApi {
  const child = spawn(process.execPath, ['--import', END_WITH_LAUNCHER, ...NODE_ARGUMENTS, MAIN], {
    env,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    detached: true,
  });
  const ended = new AbortController();
  const { promise: exit, resolve } = Promise.withResolvers<number>();
  child.once('exit', (code, signal) => {
    ended.abort();
    resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
  });
  return {
    exit,
    async isReady({ host, port }) {
      const url = `http://${reachable(host)}:${port}/livez`;
      while (!ended.signal.aborted) {
        const answer = await fetch(url, { signal: ended.signal }).catch(() => undefined);
        if (answer?.ok) return true;
        await sleep(POLL_MS);
      }
      return false;
    },
    stop: (signal) => {
      child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal);
    },
  };
}

function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
