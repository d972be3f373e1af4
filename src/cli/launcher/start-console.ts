import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { forkUntilReady } from './fork-until-ready.ts';

export interface RunningConsole {
  readonly url: string;
  /** The variables that make a program send to the console. */
  readonly variables: Readonly<Record<string, string>>;
  /** Stops the console once it has processed what it received. */
  stop(): Promise<void>;
}

const MAIN = fileURLToPath(new URL('../../../console/src/main.ts', import.meta.url));

/** The console strips types from its page's modules, which Node still calls experimental. */
const NODE_FLAGS = ['--disable-warning=ExperimentalWarning'];

/**
 * Starts the local console in a process of its own, with this process's command-line flags; returns
 * `undefined` when the console is not installed. When it exits before it is ready, it has printed the reason;
 * this process then exits with the same code.
 */
export async function startConsole(env: NodeJS.ProcessEnv): Promise<RunningConsole | undefined> {
  if (!existsSync(MAIN)) return undefined;
  const child = forkUntilReady<Pick<RunningConsole, 'url' | 'variables'>>(MAIN, {
    args: process.argv.slice(2),
    env,
    execArgv: NODE_FLAGS,
  });
  const ready = await child.ready;
  if (ready === undefined) process.exit((await child.exit) || 1);
  return { url: ready.url, variables: ready.variables, stop: child.disconnect };
}
