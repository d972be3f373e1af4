import { fileURLToPath } from 'node:url';

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
