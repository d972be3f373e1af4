import { existsSync, statSync } from 'node:fs';

/** Whether an installation was completed after its lock changed. `completed` is written at its end. */
export function upToDate(completed: URL, lock: URL): boolean {
  return existsSync(completed) && statSync(completed).mtimeMs >= statSync(lock).mtimeMs;
}
