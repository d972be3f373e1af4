import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { ConfigError } from '../config-error.ts';

/** Maximum size of `.env`, in bytes. */
const MAX_BYTES = 1_000_000;

const DIRECTORY = 'be a file, not a directory: Docker creates one when the file of a bind mount is missing';

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'be readable by the user of this process (EACCES)',
  EISDIR: DIRECTORY,
  ENOENT: 'not be a symbolic link to a missing file',
  ELOOP: 'not be a symbolic link to itself',
  ENXIO: 'be a regular file, not a socket',
};

/**
 * Reads a file; returns `undefined` when there is none. Throws `ConfigError` for anything else than a
 * readable file of at most `MAX_BYTES`. Never waits, as a named pipe without a writer would make it.
 */
export function readFile(path: string): Buffer | undefined {
  try {
    const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      return readBounded(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    if (code === 'ENOENT' && !lstatSync(path, { throwIfNoEntry: false })) return undefined;
    throw fault(REASONS[code] ?? `be a file that can be read (${code})`);
  }
}

function readBounded(file: number): Buffer {
  const kind = fstatSync(file);
  if (kind.isDirectory()) throw fault(DIRECTORY);
  if (kind.isFIFO()) throw fault('be a regular file, not a named pipe');
  // A device such as /dev/null has no size.
  const buffer = Buffer.alloc(kind.isFile() ? Math.min(kind.size, MAX_BYTES) + 1 : MAX_BYTES + 1);
  let length = 0;
  for (let read = -1; read !== 0 && length < buffer.length; length += read) {
    read = readSync(file, buffer, length, buffer.length - length, null);
  }
  if (length > MAX_BYTES) throw fault(`be smaller than ${MAX_BYTES / 1_000_000} MB`);
  return buffer.subarray(0, length);
}

function fault(must: string): ConfigError {
  return new ConfigError([`.env must ${must}`]);
}
