import { styleText } from 'node:util';
import { isSpanContextValid } from '@opentelemetry/api';
import type { LineStream } from './line-writer.ts';
import { serialiseFields } from './log-fields.ts';
import type { LogRecord } from './log-line.ts';

const COLOURS = { error: 'red', warn: 'yellow', info: 'green', debug: 'blue' } as const;
const LEVEL_WIDTH = 5;
const MESSAGE_WIDTH = 40;
const NOTHING_TAKEN: ReadonlySet<string> = new Set();

/**
 * Creates the function that turns a record into text for people: time, level, message, fields and trace id in columns,
 * stacks below. Colours obey `NO_COLOR` and what the terminal can do; control characters are shown, not sent.
 */
export function createPrettyFormat(terminal: LineStream): (record: LogRecord) => string {
  const paint = (style: Parameters<typeof styleText>[0], text: string) =>
    styleText(style, text, { stream: terminal });

  return ({ level, message, fields, span, time }) => {
    const pairs: string[] = [];
    const stacks: string[] = [];
    for (const [name, value] of Object.entries(plain(fields))) {
      const stack = stackOf(value);
      if (stack !== undefined) stacks.push(...stack.split('\n').map((line) => `    ${visible(line.trim())}`));
      else
        pairs.push(`${visible(name)}=${visible(typeof value === 'string' ? value : JSON.stringify(value))}`);
    }
    if (span !== undefined && isSpanContextValid(span)) pairs.push(`trace_id=${span.traceId}`);
    const head = `${paint('dim', new Date(time).toISOString().slice(11, 23))} ${paint(COLOURS[level], level.toUpperCase().padEnd(LEVEL_WIDTH))} `;
    const text = visible(String(message));
    const line = pairs.length === 0 ? text : `${text.padEnd(MESSAGE_WIDTH)} ${paint('dim', pairs.join(' '))}`;
    return [head + line, ...stacks].join('\n');
  };
}

function plain(fields: LogRecord['fields']): Record<string, unknown> {
  return JSON.parse(`{${serialiseFields(fields, NOTHING_TAKEN).slice(1)}}`);
}

function stackOf(value: unknown): string | undefined {
  const stack = typeof value === 'object' && value !== null && 'stack' in value ? value.stack : undefined;
  return typeof stack === 'string' ? stack : undefined;
}

/** Text that cannot move the cursor, recolour or retitle the terminal it is shown on. */
function visible(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
