import { inspect } from 'node:util';
import { type Scrub, scrubText } from './scrub/scrub.ts';

/**
 * Describes a failure in one line of at most 200 characters, without secrets. A caller that builds `reason`
 * from a response names its status, never its body: a body may repeat a key.
 */
export function describeError(reason: unknown, scrub: Scrub = scrubText): string {
  return scrub(textOf(reason)).replaceAll(/\s+/g, ' ').slice(0, 200);
}

/** Never throws, not even when reading the reason does. */
function textOf(reason: unknown): string {
  if (typeof reason === 'string') return reason;
  try {
    return reason instanceof Error ? messageOf(reason) : inspect(reason);
  } catch {
    return 'a failure that cannot be described';
  }
}

/** A refused connection to a host name with several addresses is an AggregateError without a message. */
function messageOf(error: Error): string {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : undefined;
  const code = (error as NodeJS.ErrnoException).code;
  const message = String(error.message || (first instanceof Error && first.message) || code || 'unknown');
  return error.name === 'Error' || error.name === 'AggregateError' ? message : `${error.name}: ${message}`;
}
