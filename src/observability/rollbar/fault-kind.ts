import { framesOf } from '../stack-frames.ts';
import { errorChain, isError } from './to-reportable-error.ts';

const MAX_LINKS = 3;
const MAX_FRAMES = 3;
const MAX_TEXT = 200;

/** URLs, paths, mail addresses, quotations, ids and numbers: what a caller may choose and thereby flood. */
const VARIABLE =
  /[a-z][a-z+.-]{1,15}:\/\/\S+|(?<=^|[\s(])\/\S+|[\w.+-]{1,64}@[\w.-]+|"[^"]*(?:"|$)|'[^']*(?:'|$)|`[^`]*(?:`|$)|[0-9a-f]{8}-[0-9a-f-]{27}|\b[0-9a-f]{16,64}\b|\d+/gi;

/**
 * Returns a text that alike faults have in common: the names, codes and messages of the error and its causes,
 * without what differs from one to the next, and the places of the top frames. Rollbar groups by names and
 * frames alone. The text may hold secrets and is never sent. Never throws.
 */
export function kindOf(thrown: unknown): string {
  return errorChain(thrown).slice(0, MAX_LINKS).map(describe).join('\n');
}

function describe(link: unknown): string {
  if (!isError(link)) return `${typeof link} ${typeof link === 'object' ? '' : alike(String(link))}`;
  try {
    const { name, message, code } = link as NodeJS.ErrnoException;
    return [name, code, alike(String(message)), ...placesOf(link)].join(' ').slice(0, MAX_TEXT * MAX_FRAMES);
  } catch {
    return 'unreadable';
  }
}

function alike(text: string): string {
  return text.slice(0, MAX_TEXT).replaceAll(VARIABLE, '#');
}

/** Returns the last part of each of the top frames: file, line and column. */
function placesOf(error: Error): string[] {
  if (typeof error.stack !== 'string') return [];
  return framesOf(error)
    .split('\n', MAX_FRAMES + 1)
    .slice(1)
    .map((line) => line.slice(line.lastIndexOf('/')).slice(0, MAX_TEXT));
}
