import { fileURLToPath } from 'node:url';

/**
 * Returns the part of a stack after its message, which may hold lines that look like frames; the whole stack
 * if it does not contain the message.
 */
export function framesOf({ message, stack = '' }: Pick<Error, 'message' | 'stack'>): string {
  const start = stack.indexOf(message);
  return start < 0 ? stack : stack.slice(start + message.length);
}

/**
 * Replaces `file:///…` URLs in the frames of ES modules by absolute paths. Every other character stays. X-Ray
 * splits a frame at its colons, and Rollbar reads the source of paths only.
 */
export function normaliseStack(stack: string): string {
  return stack.includes('file:///') ? stack.split('\n').map(normaliseFrame).join('\n') : stack;
}

/**
 * Takes time linear in the length of the line: a stack contains the message, which may hold a caller's text.
 */
function normaliseFrame(line: string): string {
  const start = /^\s+at /.test(line) ? line.search(/[ (]file:\/\/\//) + 1 : 0;
  if (start === 0) return line;
  const [, url = '', position = ''] = /^(file:\S+)(:\d+:\d+)/.exec(line.slice(start)) ?? [];
  const path = pathOf(url);
  return path === undefined
    ? line
    : line.slice(0, start) + path + position + line.slice(start + url.length + position.length);
}

/** Returns undefined when the URL names no file, or a file whose name contains a line break. */
function pathOf(url: string): string | undefined {
  try {
    const path = fileURLToPath(url, { windows: /^file:\/\/\/[a-z]:/i.test(url) });
    return /[\n\r\u2028\u2029]/.test(path) ? undefined : path;
  } catch {
    return undefined;
  }
}
