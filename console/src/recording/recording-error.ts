import { getSystemErrorMessage } from 'node:util';

/** A file that a flag names cannot be used; `message` says which, and why. */
export class RecordingError extends Error {
  override readonly name = 'RunFileError';
}

/** What the system says of a failure, without its codes and paths. */
export function describeSystemError(error: unknown): string {
  const { errno, message } = error as NodeJS.ErrnoException;
  return errno === undefined ? message : getSystemErrorMessage(errno);
}
