import { fileURLToPath } from 'node:url';
import { type Child, forkUntilReady } from './fork-until-ready.ts';
import { NODE_ARGUMENTS } from './node-arguments.ts';

const MAIN = fileURLToPath(new URL('../../main.ts', import.meta.url));
const PRELOADS = ['exit-with-parent', 'report-started'].flatMap((name) => [
  '--import',
  new URL(`./${name}.ts`, import.meta.url).href,
]);

/**
 * Starts the API as `npm run api` does, in a process group of its own, so that Ctrl-C reaches it once,
 * through the launcher. It is ready when it has started: it
 * listens, and the schema is up to date or the database cannot be reached.
 */
export function startApi(env: NodeJS.ProcessEnv): Child<{ readonly type: 'ready' }> {
  return forkUntilReady(MAIN, { env, execArgv: [...PRELOADS, ...NODE_ARGUMENTS], detached: true });
}
