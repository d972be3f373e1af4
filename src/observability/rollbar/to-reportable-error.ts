import type { Scrub } from '../../lib/scrub/scrub.ts';
import { truncate } from '../../lib/truncate.ts';
import { framesOf, normaliseStack } from '../stack-frames.ts';

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
    for (const next of errorsWithin(link)) {
      if (next !== undefined && chain.length < MAX_ERRORS && !chain.includes(next)) chain.push(next);
    }
  }
  return chain;
}

/** Tells whether a value is an error. A proxy may throw when it is asked. */
export function isError(value: unknown): value is Error {
  try {
    return value instanceof Error;
  } catch {
    return false;
  }
}

function errorsWithin(link: unknown): unknown[] {
  if (!isError(link)) return [];
  try {
    return link instanceof AggregateError && Array.isArray(link.errors)
      ? [link.cause, ...link.errors]
      : [link.cause];
  } catch {
    return [];
  }
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

/** Never throws: a link of the chain that cannot be read does not keep the others from being reported. */
function toPlainError(link: unknown, cause: Error | undefined, scrub: Scrub): Error {
  const options = cause && { cause };
  try {
    const plain = new Error(truncate(scrub(messageOf(link))), options);
    if (link instanceof Error) plain.name = truncate(scrub(String(link.name)));
    plain.stack = [plain.name, ...frameLines(link).map(scrub)].join('\n');
    return plain;
  } catch {
    return new Error('an error that cannot be read', options);
  }
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
function frameLines(thrown: unknown): string[] {
  if (!(thrown instanceof Error) || typeof thrown.stack !== 'string') return [];
  return normaliseStack(framesOf(thrown))
    .split('\n')
    .filter((line) => /^\s+at /.test(line) && line.length <= MAX_FRAME_LENGTH)
    .slice(0, MAX_FRAMES);
}
