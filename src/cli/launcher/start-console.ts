import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface RunningConsole {
  readonly url: string;
  /** What points a program at it. */
  readonly variables: Readonly<Record<string, string>>;
  /** Ends the process when it has taken in what was under way. */
  stop(): Promise<void>;
}

const MAIN = fileURLToPath(new URL('../../../console/src/main.ts', import.meta.url));

/** Its page is TypeScript, which Node still calls an experiment to strip of its types on the way to the browser. */
const NODE_FLAGS = ['--disable-warning=ExperimentalWarning'];

/**
 * Starts the local console in a process of its own, with the flags of this one; undefined when this installation has
 * none. When it ends before it is ready it has said why itself, and this process ends with its code.
 */
export async function startConsole(env: NodeJS.ProcessEnv): Promise<RunningConsole | undefined> {
  if (!existsSync(MAIN)) return undefined;
  const child = fork(MAIN, process.argv.slice(2), { env, execArgv: NODE_FLAGS });
  const exit = once(child, 'exit');
  const first = await Promise.race([once(child, 'message'), exit.then(() => undefined)]);
  if (first === undefined) process.exit(child.exitCode ?? 1);
  const [{ url, variables }] = first as [Pick<RunningConsole, 'url' | 'variables'>];
  return {
    url,
    variables,
    async stop() {
      if (child.connected) child.disconnect();
      await exit;
    },
  };
}
