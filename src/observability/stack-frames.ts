import { fileURLToPath } from 'node:url';

const MAX_DEPTH = 10;

/**
 * Turns the `file:///…` places of ES module frames into plain absolute paths; every other character stays.
 * Back ends take paths only: X-Ray cuts a frame at its colons, Rollbar reads no source of a URL.
 */
export function normaliseStack(stack: string): string {
  return stack.includes('file:///') ? stack.split('\n').map(normaliseFrame).join('\n') : stack;
}

/** In time linear to the line: messages are part of a stack, and callers may have written into them. */
function normaliseFrame(line: string): string {
  const start = /^\s+at /.test(line) ? line.search(/[ (]file:\/\/\//) + 1 : 0;
  if (start === 0) return line;
  const [, url = '', position = ''] = /^(file:\S+)(:\d+:\d+)/.exec(line.slice(start)) ?? [];
  const path = pathOf(url);
  return path === undefined
    ? line
    : line.slice(0, start) + path + position + line.slice(start + url.length + position.length);
}

/** `undefined` when the URL names no file, or a file whose name would break the line. */
function pathOf(url: string): string | undefined {
  try {
    const path = fileURLToPath(url, { windows: /^file:\/\/\/[a-z]:/i.test(url) });
    return /[\n\r\u2028\u2029]/.test(path) ? undefined : path;
  } catch {
    return undefined;
  }
}

/**
 * A copy of an error with plain frames: class, name, message, code, causes and the errors of an AggregateError.
 * The original stays as it is. Circular causes and those deeper than ten are cut; an error that cannot be read
 * becomes one that says so.
 */
export function withPlainFrames(error: Error): Error {
  return copyError(error, []);
}

function copyError(error: Error, ancestors: readonly Error[]): Error {
  try {
    const properties: Record<string, unknown> = {
      name: error.name,
      message: error.message,
      stack: typeof error.stack === 'string' ? normaliseStack(error.stack) : undefined,
    };
    const { code } = error as NodeJS.ErrnoException;
    if (code !== undefined) properties.code = code;
    const within = [...ancestors, error];
    if (error.cause !== undefined) properties.cause = copyNested(error.cause, within);
    if (error instanceof AggregateError) {
      properties.errors = error.errors.slice(0, MAX_DEPTH).map((nested) => copyNested(nested, within));
    }
    return Object.create(Object.getPrototypeOf(error), describe(properties));
  } catch {
    return new Error('an error that cannot be read');
  }
}

function copyNested(nested: unknown, ancestors: readonly Error[]): unknown {
  if (!(nested instanceof Error)) return nested;
  if (ancestors.length === MAX_DEPTH || ancestors.includes(nested)) return undefined;
  return copyError(nested, ancestors);
}

function describe(properties: Record<string, unknown>): PropertyDescriptorMap {
  return Object.fromEntries(
    Object.entries(properties).map(([key, value]) => [key, { value, writable: true, configurable: true }]),
  );
}
