import type { Scrub } from '../../lib/scrub/scrub.ts';
import { truncate } from '../../lib/truncate.ts';
import { normaliseStack } from '../stack-frames.ts';

const MAX_ERRORS = 10;
const MAX_FRAMES = 50;
const MAX_FRAME_LENGTH = 1_024;

/**
 * Returns a thrown value, its causes and the errors of an AggregateError: each once, outermost first, at most
 * ten.
 */
export function errorChain(thrown: unknown): unknown[] {
  const chain = [thrown];
  for (const link of chain) {
    if (!(link instanceof Error)) continue;
    const within = link instanceof AggregateError ? [link.cause, ...link.errors] : [link.cause];
    for (const next of within) {
      if (next !== undefined && chain.length < MAX_ERRORS && !chain.includes(next)) chain.push(next);
    }
  }
  return chain;
}

/**
 * Converts a thrown value to a chain of plain errors, linked by `cause`. The library would follow circular
 * causes without end, and would reduce an AggregateError to the message of its first error. Secrets go before
 * a text is cut, so that no half of one is left.
 */
export function toReportableError(thrown: unknown, scrub: Scrub): Error {
  const [first, ...rest] = errorChain(thrown);
  const cause = rest.reduceRight<Error | undefined>(
    (inner, link) => toPlainError(link, inner, scrub),
    undefined,
  );
  return toPlainError(first, cause, scrub);
}

function toPlainError(thrown: unknown, cause: Error | undefined, scrub: Scrub): Error {
  const plain = new Error(truncate(scrub(messageOf(thrown))), cause && { cause });
  if (thrown instanceof Error) plain.name = truncate(scrub(String(thrown.name)));
  plain.stack = [plain.name, ...framesOf(thrown).map(scrub)].join('\n');
  return plain;
}

function messageOf(thrown: unknown): string {
  if (typeof thrown === 'object' && thrown !== null && !(thrown instanceof Error)) {
    return `an object was thrown, with ${Object.keys(thrown).join(', ') || 'nothing in it'}`.slice(0, 200);
  }
  return thrown instanceof Error ? textOf(thrown) : String(thrown);
}

/** Node's own AggregateErrors, such as that of a failed connection, have a code but no message. */
function textOf(error: Error): string {
  if (error.message) return String(error.message);
  const inner: unknown[] = error instanceof AggregateError ? error.errors : [];
  const messages = inner.flatMap((each) => (each instanceof Error ? each.message : []));
  return messages.join('; ') || String((error as NodeJS.ErrnoException).code ?? '');
}

/**
 * Returns the frames of a stack without its message. The library opens every file that a line of the stack
 * names, so a caller's text in the message must not be able to name one.
 */
function framesOf(thrown: unknown): string[] {
  if (!(thrown instanceof Error) || typeof thrown.stack !== 'string') return [];
  const { message, stack } = thrown;
  const start = stack.indexOf(message);
  return normaliseStack(start === -1 ? stack : stack.slice(start + message.length))
    .split('\n')
    .filter((line) => /^\s+at /.test(line) && line.length <= MAX_FRAME_LENGTH)
    .slice(0, MAX_FRAMES);
}
