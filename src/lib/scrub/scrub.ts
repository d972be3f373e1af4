import { scrubPairs } from './pairs.ts';
import { REDACTED } from './redacted.ts';
import { scrubSurroundings } from './surroundings.ts';
import { scrubShapes } from './token-shapes.ts';
import { scrubUserInfo } from './user-info.ts';

/** Maximum length of a scrubbed text, and what is read beyond it, so that no secret loses its mark. */
const MAX_LENGTH = 16_384;
const MARGIN = 2_048;
const MAX_ROUNDS = 5;

/** Shorter values are words that stand in ordinary text, too. */
const MIN_OWN_LENGTH = 8;

/** Removes secrets from a text that leaves the process. Never throws. */
export type Scrub = (text: string) => string;

/**
 * Returns the scrubber: it replaces credentials in URLs, secret parameters, headers and fields, tokens of
 * known forms, and `ownSecrets`, wherever they are, by `[redacted]`. It cuts a text after 16 kB, which bounds
 * its time. Scrubbing twice changes nothing.
 */
export function createScrubber(ownSecrets: readonly string[]): Scrub {
  const own = [...new Set(ownSecrets.flatMap(spellings))]
    .filter((secret) => secret.length >= MIN_OWN_LENGTH)
    .sort((a, b) => b.length - a.length);
  return (text) => {
    if (text.length > MAX_LENGTH) return scrubStart(text, own);
    return scrubAll(text, own);
  };
}

/** Removes the secrets that their form or their name gives away. */
export const scrubText: Scrub = createScrubber([]);

/** Returns a value as it is, and as URLs, forms and JSON write it. */
function spellings(secret: string): string[] {
  const inUrl = encodeURIComponent(secret.toWellFormed());
  const lower = inUrl.replaceAll(/%../g, (code) => code.toLowerCase());
  const inForm = new URLSearchParams({ '': secret }).toString().slice(1);
  return [secret, inUrl, lower, inForm, JSON.stringify(secret).slice(1, -1)];
}

function scrubAll(text: string, own: readonly string[]): string {
  let scrubbed = text;
  for (const secret of own) if (scrubbed.includes(secret)) scrubbed = scrubbed.replaceAll(secret, REDACTED);
  // One secret may hide the mark of another, such as a `//` within a password.
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const before = scrubbed;
    scrubbed = scrubPairs(scrubSurroundings(scrubShapes(scrubUserInfo(before))));
    if (scrubbed === before) break;
  }
  return scrubbed;
}

/** Scrubs the start of a long text. The end of what was read may hold half of a secret, and is left out. */
function scrubStart(text: string, own: readonly string[]): string {
  const scrubbed = scrubAll(text.slice(0, MAX_LENGTH), own);
  return `${scrubbed.slice(0, Math.max(0, scrubbed.length - MARGIN)).toWellFormed()}…`;
}
