import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { EmbeddedDatabaseReady } from '../../../src/db/embedded/main.ts';

const ENTRY = join(import.meta.dirname, '../../../src/db/embedded/main.ts');

export interface EmbeddedProcess {
  readonly url: string;
  readonly child: ChildProcess;
  readonly exited: Promise<unknown>;
  /** Ends the process and resolves when it has ended. */
  close(): Promise<void>;
}

/** V8 does not optimize the WebAssembly, which takes a third off the CPU time of a process that ends soon. */
const SHORT_LIVED = ['--liftoff-only'];

/** Starts the embedded database as `npm start` does. Rejects with its stderr when it does not start. */
export async function startEmbeddedProcess(
  dataDir: string,
  { port = 0, execArgv = SHORT_LIVED }: { readonly port?: number; readonly execArgv?: string[] } = {},
): Promise<EmbeddedProcess> {
  const child = fork(ENTRY, [`--data-dir=${dataDir}`, `--port=${port}`], { silent: true, execArgv });
  child.stdout?.resume();
  const stderr = child.stderr === null ? '' : text(child.stderr);
  const exited = once(child, 'exit');
  const ready = once(child, 'message');
  const first = await Promise.race([ready, exited.then(() => undefined)]);
  if (first === undefined) throw new Error(await stderr);
  const [{ databaseUrl }] = first as [EmbeddedDatabaseReady];
  return {
    url: databaseUrl,
    child,
    exited,
    async close() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await exited;
    },
  };
}
