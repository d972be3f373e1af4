import { existsSync } from 'node:fs';

const SHELL = '/bin/sh';

/** Requests that hold a thread of libuv's pool: look-ups of names, and operations on files. */
const IN_POOL = /Req/;

/** Windows cannot replace a process: Node.js has the function there, but it throws. */
const canReplace = process.platform !== 'win32';

/**
 * Ends the process at once, after its `exit` listeners. `process.exit` joins the threads of libuv's pool, and
 * one in which a look-up hangs ends no sooner than the resolver gives up: 10 s by default. While there is
 * such a thread, another program, which only exits, therefore replaces the process under the same id.
 */
export function endProcess(code: number = Number(process.exitCode ?? 0)): never {
  if (canReplace && process.getActiveResourcesInfo().some((name) => IN_POOL.test(name))) {
    process.once('exit', () => replaceProcess(code));
  }
  process.exit(code);
}

/** Tells whether a look-up of a name is in progress. It keeps the process alive. */
export function waitsForName(): boolean {
  return process.getActiveResourcesInfo().includes('GetAddrInfoReqWrap');
}

/** The shell takes 1 ms, and Node, where there is no shell, 40 ms. */
function replaceProcess(code: number): void {
  const [file, ...rest] = existsSync(SHELL)
    ? ([SHELL, '-c', `exit ${code}`] as const)
    : ([process.execPath, '--eval', `process.exit(${code})`] as const);
  process.execve?.(file, [file, ...rest], {});
}
