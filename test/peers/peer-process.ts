import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { afterAll } from 'vitest';
import { until } from '../helpers/until.ts';

export interface PeerProcess {
  /** What it has written so far. */
  output(): string;
}

/** Starts a program, waits until it listens on the port of 127.0.0.1, and ends it with the tests around the call. */
export async function startPeer(
  file: string,
  args: readonly string[],
  { port, env }: { readonly port: number; readonly env?: NodeJS.ProcessEnv },
): Promise<PeerProcess> {
  const child = spawn(file, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk) => {
      output += chunk;
    });
  }
  const ended = once(child, 'exit');
  afterAll(async () => {
    child.kill();
    await ended;
  });
  await until(
    async () => child.exitCode !== null || (await accepts(port)),
    60_000,
    () => output,
  );
  if (child.exitCode !== null) throw new Error(`${file} ended with ${child.exitCode}: ${output}`);
  return { output: () => output };
}

function accepts(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = createConnection(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
  return promise.finally(() => socket.destroy());
}
