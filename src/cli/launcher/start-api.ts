import { fileURLToPath } from 'node:url';
import { type Child, forkUntilReady } from './fork-until-ready.ts';
import { NODE_ARGUMENTS } from './node-arguments.ts';

const MAIN = fileURLToPath(new URL('../../main.ts', import.meta.url));
const PRELOADS = ['exit-with-parent', 'report-listening'].flatMap((name) => [
  '--import',
  new URL(`./${name}.ts`, import.meta.url).href,
]);

/**
 * Starts the API as `npm run api` does, in a process group of its own, so that Ctrl-C reaches it once,
 * through the launcher. It is ready when it listens.
 */
export function startApi(env: NodeJS.ProcessEnv): Child<{ readonly type: 'ready' }> {
  return forkUntilReady(MAIN, { env, execArgv: [...PRELOADS, ...NODE_ARGUMENTS], detached: true });
}
