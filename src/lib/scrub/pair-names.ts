const MAX_LENGTH = 64;
const MAX_SPACES = 2;

/** Up to the last percent-encoded `#`, `&`, `/`, `:`, `;`, `=` or `?`. */
const BEFORE_NAME = /^.*%(?:25){0,3}(?:2[36f]|3[abdf])/i;

/** The name before a separator, and how it is written. */
export interface PairName {
  readonly name: string;
  readonly quoted: boolean;
  /** Whether spaces stand between the name and the separator. */
  readonly spaced: boolean;
  /** The character before the name; '' at the start of the text. */
  readonly before: string;
}

/** Returns the name that ends at `end`: a quoted text, or letters, digits and a few signs. */
export function nameBefore(text: string, end: number): PairName | undefined {
  let last = end;
  while (end - last < MAX_SPACES && isSpace(text[last - 1])) last -= 1;
  const quote = text[last - 1] ?? '';
  const quoted = quote === '"' || quote === "'" || quote === '`';
  const nameEnd = quoted ? last - 1 : last;
  const lowest = Math.max(0, nameEnd - MAX_LENGTH);
  let start = nameEnd;
  while (start > lowest && isNameCode(text.charCodeAt(start - 1), quoted)) start -= 1;
  if (start === nameEnd) return undefined;
  const name = decode(
    text
      .slice(start, nameEnd)
      .replace(/\\{1,8}$/, '')
      .replace(BEFORE_NAME, ''),
  );
  return { name, quoted, spaced: last < end, before: text[start - 1] ?? '' };
}

function isSpace(char: string | undefined): boolean {
  return char === ' ' || char === '\t';
}

/** Letters, digits, `_` `-` `.` `$` `%` `@` `[` `]`; within quotes also spaces and backslashes. */
function isNameCode(code: number, quoted: boolean): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 64 && code <= 91) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === 45 ||
    code === 46 ||
    code === 93 ||
    code === 36 ||
    code === 37 ||
    (quoted && (code === 32 || code === 92))
  );
}

/** Percent-decodes ASCII, several times over. */
function decode(text: string): string {
  let decoded = text;
  for (let round = 0; round < 3 && decoded.includes('%'); round += 1) {
    decoded = decoded.replaceAll(/%([0-7][0-9a-f])/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
  }
  return decoded;
}
