import { ConfigError } from '../config-error.ts';
import { isKnown } from './names.ts';

const UTF16_LE = Buffer.from([0xff, 0xfe]);
const UTF16_BE = Buffer.from([0xfe, 0xff]);

/**
 * Decodes UTF-8 and UTF-16, with or without a byte order mark, which is removed. Windows PowerShell's `>`
 * writes UTF-16. Throws `ConfigError` for other encodings, and for NUL characters, which no variable can
 * hold.
 */
export function decodeText(bytes: Buffer): string {
  const text = decode(bytes);
  if (!text.includes('\0')) return text;
  throw new ConfigError([`.env must be text: it contains a NUL character${placeOf(text, /\0/)}`]);
}

/** Bytes that are not UTF-8 become U+FFFD: they may stand in a comment, or in what other programs read. */
function decode(bytes: Buffer): string {
  const encoding = encodingOf(bytes);
  try {
    return new TextDecoder(encoding, { fatal: encoding !== 'utf-8' }).decode(bytes);
  } catch {
    throw new ConfigError(['.env must be text in UTF-8: some of its bytes are not']);
  }
}

function encodingOf(bytes: Buffer): 'utf-8' | 'utf-16le' | 'utf-16be' {
  const mark = bytes.subarray(0, 2);
  if (mark.equals(UTF16_LE)) return 'utf-16le';
  if (mark.equals(UTF16_BE)) return 'utf-16be';
  // The first character of such a file is ASCII: a name, a comment sign, a blank or a line end.
  if (bytes.length % 2 === 0 && bytes[0] !== 0 && bytes[1] === 0) return 'utf-16le';
  if (bytes.length % 2 === 0 && bytes[0] === 0 && bytes[1] !== 0) return 'utf-16be';
  return 'utf-8';
}

function placeOf(text: string, pattern: RegExp): string {
  const lines = text.split('\n');
  const index = lines.findIndex((line) => pattern.test(line));
  const name = /^\W*(?:export\s+)?(\w+)\s*=/.exec(lines[index] ?? '')?.[1];
  return ` (line ${index + 1}${name && isKnown(name) ? `, ${name}` : ''})`;
}
