import { invalidParameter } from '../aws-error.ts';

/** `term` or `"a phrase"`, optionally after `?` or `-`. */
const TERM = /([?-]?)(?:"((?:[^"\\]|\\.)+)"|([\p{L}\p{N}_]+))(?=\s|$)\s*/uy;

/**
 * Parses terms and quoted phrases, which are case-sensitive. A message matches when it contains all of them
 * and none with `-`. Of terms with `?`, one is enough; among other terms they are ignored.
 */
export function parseTextPattern(pattern: string): (message: string) => boolean {
  const terms = [...readTerms(pattern)];
  const pick = (sign: string) => terms.filter((term) => term.sign === sign).map(({ text }) => text);
  const required = pick('');
  const excluded = pick('-');
  const optional = pick('?');
  const anyWillDo = required.length + excluded.length === 0;
  return (message) =>
    required.every((text) => message.includes(text)) &&
    !excluded.some((text) => message.includes(text)) &&
    (!anyWillDo || optional.some((text) => message.includes(text)));
}

function* readTerms(pattern: string): Generator<{ sign: string; text: string }> {
  for (let at = 0; at < pattern.length; at = TERM.lastIndex) {
    TERM.lastIndex = at;
    const [, sign = '', phrase, word] = TERM.exec(pattern) ?? [];
    const text = word ?? phrase?.replaceAll(/\\(.)/g, '$1');
    if (text === undefined) {
      const [term] = pattern.slice(at).split(/\s/, 1);
      throw invalidParameter(`Invalid filter pattern: Invalid character(s) in term '${term}'`);
    }
    yield { sign, text };
  }
}
