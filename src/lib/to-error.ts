import { inspect } from 'node:util';

/** What the service and its libraries read of an error. */
const MEMBERS = ['name', 'message', 'stack', 'code', 'cause', 'status'];

/**
 * Returns a thrown value as an error whose members can be read. An error is returned as it is, unless it comes
 * from another realm, a member throws, or its name, message or stack is no text. Never throws.
 */
export function toError(thrown: unknown): Error {
  try {
    if (!(thrown instanceof Error))
      return Error.isError(thrown) ? rebuild(thrown) : new Error(textOf(thrown));
    const { name, message, stack } = thrown;
    const isSound = [name, message, stack ?? ''].every((text) => typeof text === 'string');
    for (const member of MEMBERS) Reflect.get(thrown, member);
    if (isSound) return thrown;
  } catch {}
  return rebuild(thrown);
}

/** Copies what can be read. Other members are left out, as of any error. */
function rebuild(thrown: unknown): Error {
  const cause = read(thrown, 'cause');
  const message = read(thrown, 'message') ?? 'an error that cannot be read';
  const error = new Error(textOf(message), cause === undefined ? undefined : { cause });
  error.name = textOf(read(thrown, 'name') ?? 'Error');
  const stack = read(thrown, 'stack');
  error.stack = typeof stack === 'string' ? stack : `${error.name}: ${error.message}`;
  return error;
}

function read(thrown: unknown, member: string): unknown {
  try {
    return Reflect.get(thrown as object, member);
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string {
  try {
    return typeof value === 'string' ? value : inspect(value);
  } catch {
    return 'a value that cannot be read';
  }
}
