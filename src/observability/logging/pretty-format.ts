import { inspect, styleText } from 'node:util';
import { isSpanContextValid } from '@opentelemetry/api';
import type { Scrub } from '../../lib/scrub/scrub.ts';
import { truncate } from '../../lib/truncate.ts';
import { toTimestamp } from '../timestamp.ts';
import { type LogRecord, OWN_MEMBERS } from './line-format.ts';
import { toPlainFields } from './serialise-fields.ts';
import type { LineStream } from './stdout-writer.ts';

const COLOURS = { error: 'red', warn: 'yellow', info: 'green', debug: 'blue' } as const;
const LEVEL_WIDTH = 5;
const MESSAGE_WIDTH = 40;

/**
 * Returns a function that formats a record for a terminal: time, level, message, fields and trace id in
 * columns, stacks below. Colours follow `NO_COLOR` and the terminal. Control characters are escaped. Secrets
 * are taken out as in `createLineFormat`.
 */
export function createPrettyFormat(terminal: LineStream, scrub: Scrub): (record: LogRecord) => string {
  const paint = (style: Parameters<typeof styleText>[0], text: string) =>
    styleText(style, text, { stream: terminal });

  return ({ level, message, fields, span, time }) => {
    const pairs: string[] = [];
    const stacks: string[] = [];
    const scrubbing = { scrub, only: level === 'info' ? 'errors' : 'text' } as const;
    for (const [name, value] of Object.entries(toPlainFields(fields, OWN_MEMBERS, scrubbing))) {
      const stack = stackOf(value);
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      if (stack !== undefined) stacks.push(...stack);
      else if (text !== undefined) pairs.push(`${name}=${text}`);
    }
    if (span !== undefined && isSpanContextValid(span)) pairs.push(`trace_id=${span.traceId}`);
    const clock = paint('dim', toTimestamp(time).slice(11, 23));
    const label = paint(COLOURS[level], level.toUpperCase().padEnd(LEVEL_WIDTH));
    const said = typeof message === 'string' ? message : inspect(message);
    const text = visible(truncate(level === 'info' ? said : scrub(said))).padEnd(
      pairs.length > 0 ? MESSAGE_WIDTH : 0,
    );
    const rest = pairs.length > 0 ? ` ${paint('dim', visible(pairs.join(' ')))}` : '';
    return [`${clock} ${label} ${text}${rest}`, ...stacks.map((frame) => `    ${visible(frame)}`)].join('\n');
  };
}

/** Returns the stack lines of an error and of its causes; undefined for any other value. */
function stackOf(value: unknown): string[] | undefined {
  if (typeof value !== 'object' || value === null || !('stack' in value)) return undefined;
  const cause = 'cause' in value ? stackOf(value.cause) : undefined;
  const lines = String(value.stack)
    .split('\n')
    .map((line) => line.trim());
  return cause === undefined ? lines : [...lines, 'caused by:', ...cause];
}

/** Returns text that cannot move the cursor of a terminal, or change its colours or title. */
function visible(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
