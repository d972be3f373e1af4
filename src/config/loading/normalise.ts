import { isRead } from './names.ts';

/** White space, no-break spaces, byte order marks and the characters of no width that documents contain. */
const EDGE = '[\\s\\u00ad\\u0085\\u180e\\u200b-\\u200f\\u202a-\\u202e\\u2060\\ufeff]';
const START = new RegExp(`^${EDGE}+`);
const END = new RegExp(`(?<!${EDGE})${EDGE}+$`);

/** Straight quotes, and those into which word processors turn them. */
const QUOTED = /^(?:"(.*)"|'(.*)'|`(.*)`|[“”„](.*)[“”]|[‘’‚](.*)[‘’]|«(.*)»)$/s;

/** Values that may begin and end with blanks and quotes. */
const VERBATIM = new Set(['DATABASE_PASSWORD']);

/**
 * Removes what surrounds a value by accident: blanks, line ends (a variable set from a file with CRLF),
 * characters of no width, and quotes, which `docker run --env-file` keeps.
 */
export function normaliseValue(name: string, value: string): string {
  // A password from a mounted file or a Windows shell still ends with the line end.
  if (VERBATIM.has(name)) return value.replace(/[\r\n]+$/, '');
  const trimmed = trimEdges(value);
  const inner = QUOTED.exec(trimmed)
    ?.slice(1)
    .find((text) => text !== undefined);
  return inner === undefined ? trimmed : trimEdges(inner);
}

/** Removes blanks and characters of no width from both ends. */
export function trimEdges(text: string): string {
  return trimStart(text).replace(END, '');
}

/** Removes blanks and characters of no width from the start. */
export function trimStart(text: string): string {
  return text.replace(START, '');
}

/**
 * Returns the variables that are set: an empty or blank one counts as unset. The values that the service
 * reads are normalised, the others are unchanged.
 */
export function givenVariables(env: NodeJS.ProcessEnv): Record<string, string> {
  const given = Object.entries(env).map(([name, value = '']): [string, string] => [
    name,
    isRead(name) ? normaliseValue(name, value) : value,
  ]);
  return Object.fromEntries(given.filter(([, value]) => value.trim() !== ''));
}
