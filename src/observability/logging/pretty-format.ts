import { styleText } from 'node:util';
import type { LogLevel } from './line-format.ts';
import type { LineStream } from './stdout-writer.ts';

const COLOURS = { error: 'red', warn: 'yellow', info: 'green', debug: 'blue' } as const;
const LEVEL_WIDTH = 5;
const MESSAGE_WIDTH = 40;

interface ParsedLine {
  readonly timestamp: string;
  readonly level: LogLevel;
  readonly message: string;
  readonly trace_id?: string;
  readonly span_id?: string;
  readonly xray_trace_id?: string;
  readonly service: string;
}

/**
 * Creates the function that turns a JSON line into text for people: time, level, message, fields and trace id in
 * columns, stacks below. Colours obey `NO_COLOR` and what the terminal can do; control characters are shown, not sent.
 */
export function createPrettyFormat(terminal: LineStream): (line: string) => string {
  const paint = (style: Parameters<typeof styleText>[0], text: string) =>
    styleText(style, text, { stream: terminal });

  return (line) => {
    const { timestamp, level, message, trace_id, span_id, xray_trace_id, service, ...fields }: ParsedLine =
      JSON.parse(line);
    const pairs: string[] = [];
    const stacks: string[] = [];
    for (const [name, value] of Object.entries<unknown>(fields)) {
      const stack = stackOf(value);
      if (stack === undefined)
        pairs.push(`${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
      else stacks.push(...stack);
    }
    if (trace_id !== undefined) pairs.push(`trace_id=${trace_id}`);
    const time = paint('dim', timestamp.slice(11, 23));
    const label = paint(COLOURS[level], level.toUpperCase().padEnd(LEVEL_WIDTH));
    const text = visible(message).padEnd(pairs.length > 0 ? MESSAGE_WIDTH : 0);
    const rest = pairs.length > 0 ? ` ${paint('dim', visible(pairs.join(' ')))}` : '';
    return [`${time} ${label} ${text}${rest}`, ...stacks.map((frame) => `    ${visible(frame)}`)].join('\n');
  };
}

/** The lines of an error's stack and of its causes'; undefined for any other value. */
function stackOf(value: unknown): string[] | undefined {
  if (typeof value !== 'object' || value === null || !('stack' in value)) return undefined;
  const cause = 'cause' in value ? stackOf(value.cause) : undefined;
  const lines = String(value.stack)
    .split('\n')
    .map((line) => line.trim());
  return cause === undefined ? lines : [...lines, 'caused by:', ...cause];
}

/** Text that cannot move the cursor, recolour or retitle the terminal it is shown on. */
function visible(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
