import { getSystemErrorMessage } from 'node:util';

/** The file of a flag cannot be used. `message` names the file and the reason. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError';
}

/** Returns the system's message for an error, without codes and paths. */
export function describeSystemError(error: unknown): string {
  const { errno, message } = error as NodeJS.ErrnoException;
  return errno === undefined ? message : getSystemErrorMessage(errno);
}
