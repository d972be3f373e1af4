import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { afterAll } from 'vitest';
import { until } from '../../helpers/until.ts';

interface RealServiceProcess {
  /** Ends the process and resolves when it has ended. */
  stop(): Promise<void>;
}

interface RealServiceProcessOptions {
  /** The port on which the program listens. */
  readonly port: number;
  /** The address of the port. Default: 127.0.0.1. */
  readonly host?: string;
  readonly env?: NodeJS.ProcessEnv;
}

type StartRealService = (
  file: string,
  args: readonly string[],
  options: RealServiceProcessOptions,
) => Promise<RealServiceProcess>;

/** Starts programs for the `describe` around it, waits until each listens, and ends them at its end. */
export function useRealServiceProcesses(): StartRealService {
  const started: RealServiceProcess[] = [];
  afterAll(() => Promise.all(started.map(({ stop }) => stop())));
  return async (file, args, { port, host = '127.0.0.1', env }) => {
    const child = spawn(file, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = once(child, 'exit');
    const kill = () => child.kill();
    process.once('exit', kill);
    const stop = async () => {
      kill();
      await ended;
      process.off('exit', kill);
    };
    started.push({ stop });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk) => {
        output += chunk;
      });
    }
    await until(
      async () => child.exitCode !== null || (await accepts(port, host)),
      60_000,
      () => output,
    );
    if (child.exitCode !== null) throw new Error(`${file} ended with ${child.exitCode}: ${output}`);
    return { stop };
  };
}

function accepts(port: number, host: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = createConnection(port, host, () => resolve(true)).on('error', () => resolve(false));
  return promise.finally(() => socket.destroy());
}
