import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const POLL_MS = 40;

export interface RunningApi {
  /** Resolves with the exit code; 128 + n when signal n killed the process. */
  readonly exit: Promise<number>;
  /** Resolves with true once the API answers, with false when it ended before. */
  isReady(address: { host: string; port: number }): Promise<boolean>;
  stop(signal: NodeJS.Signals): void;
}

/** Starts the API as it runs alone, in a process group of its own: a Ctrl-C reaches it through `stop`, once. */
export function startApi(env: NodeJS.ProcessEnv): RunningApi {
  const child = spawn(process.execPath, ['--import', './src/telemetry.ts', 'src/main.ts'], {
    cwd: ROOT,
    env,
    stdio: 'inherit',
    detached: true,
  });
  let ended = false;
  const { promise: exit, resolve } = Promise.withResolvers<number>();
  child.once('exit', (code, signal) => {
    ended = true;
    resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
  });
  return {
    exit,
    async isReady({ host, port }) {
      const url = `http://${reachable(host)}:${port}/livez`;
      while (!ended) {
        const answer = await fetch(url).catch(() => undefined);
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
