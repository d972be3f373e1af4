import type { Scrub } from '../lib/scrub/scrub.ts';
import { MAX_STACK_BYTES, truncate } from '../lib/truncate.ts';

/**
 * Returns an error's stack without secrets, cut to 16 kB. The message in it is cut to 2 kB, so that frames
 * remain. Secrets go before anything is cut, because half of one may not be recognised.
 */
export function cleanStack(stack: string, message: string, scrub: Scrub): string {
  const start = stack.indexOf(message);
  if (start < 0) return truncate(scrub(stack), MAX_STACK_BYTES);
  const frames = stack.slice(start + message.length);
  return truncate(scrub(stack.slice(0, start)) + truncate(scrub(message)) + scrub(frames), MAX_STACK_BYTES);
}
