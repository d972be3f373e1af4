import { endsQuoted } from './quotes.ts';
import { REDACTED } from './redacted.ts';

/** The start of an authority: `://`, also as JSON escapes it, and percent-encoded; `//` before a user. */
const AUTHORITY =
  /:\\?\/\\?\/|%3a%2f%2f|%253a%252f%252f|(?<![\w:/])\/\/(?=[^\s/:@"'`]{0,64}:[^\s/:@"'`]{1,128}@[\w.-])/gi;

/**
 * Protocols whose paths may hold an `@`. In others the last `@` ends the password, whatever stands before.
 */
const WEB = /(?:^|[^a-z0-9+.-])(?:https?|wss?|file|ftps?|git|ssh|node|data|blob|webpack|git\+\w{1,5})$/i;

const MAX_SCHEME = 16;
const QUOTES = new Set(['"', "'", '`']);

/**
 * Replaces user and password of each URL in a text: `postgres://app:secret@db/cruddur`. The password may hold
 * `@`, and `/`, `?`, `#` or quotes unless the URL then has another meaning.
 */
export function scrubUserInfo(text: string): string {
  if (!text.includes('//') && !text.includes('/\\/') && !text.includes('%')) return text;
  let scrubbed = '';
  let done = 0;
  AUTHORITY.lastIndex = 0;
  for (let mark = AUTHORITY.exec(text); mark !== null; mark = AUTHORITY.exec(text)) {
    const start = mark.index + mark[0].length;
    const next = AUTHORITY.exec(text)?.index ?? text.length;
    AUTHORITY.lastIndex = next;
    const scheme = text.slice(Math.max(0, mark.index - MAX_SCHEME), mark.index);
    const length = userInfoLength(scheme, text.slice(start, next), mark[0].startsWith('%'));
    if (length === 0) continue;
    scrubbed += text.slice(done, start) + REDACTED;
    done = start + length;
  }
  return done === 0 ? text : scrubbed + text.slice(done);
}

/** Returns the length of the user info with which `rest` begins, without its `@`; 0 if it has none. */
function userInfoLength(scheme: string, rest: string, encoded: boolean): number {
  const opened = /(["'`])[\w+.-]*$/.exec(scheme)?.[1];
  const token = rest.slice(0, tokenLength(rest, opened));
  if (/^(?:\\?\/|%2f|%252f)/i.test(token)) return 0;
  const at = encoded ? /%(?:25)*40|@/gi : /@/g;
  const end = WEB.test(scheme) ? webEnd(token, at) : token.length;
  const length = lastIndexOf(token.slice(0, end), at);
  return length === 0 && !encoded ? cutLength(token) : length;
}

/** The end of a URL may be missing, and its `@` with it. What stands in place of the port is no port then. */
function cutLength(token: string): number {
  const [userInfo = '', password = ''] = /^[^:/?#@[\]]{1,64}:([^/?#@;,]+)$/.exec(token) ?? [];
  return /^\d{0,5}\W*$/.test(password) || !/[\d\W_]/.test(password) ? 0 : userInfo.length;
}

/**
 * Returns where a URL ends at the latest: at a space, an angle bracket, or the quote that it was `opened`
 * with. Without one that is any but `'`, which a password may hold unencoded.
 */
function tokenLength(rest: string, opened = '"`'): number {
  const end = /[\s<>"'`]/g;
  for (let found = end.exec(rest); found !== null; found = end.exec(rest)) {
    const [char] = found;
    if (!QUOTES.has(char) || (opened.includes(char) && endsQuoted(rest, found.index))) return found.index;
  }
  return rest.length;
}

/** Returns where the authority of a web address ends: before its path, unless that belongs to a password. */
function webEnd(token: string, at: RegExp): number {
  const path = token.search(/[/?#\\&]|%2f|%252f/i);
  if (path < 0) return token.length;
  const [, afterColon] = /^[^:@]*:([^@]*)/.exec(token.slice(0, path)) ?? [];
  const isPort = afterColon === undefined || /^\d{0,5}$/.test(afterColon) || token.startsWith('[');
  return isPort || lastIndexOf(token.slice(0, path), at) > 0 ? path : token.length;
}

function lastIndexOf(text: string, at: RegExp): number {
  let last = 0;
  for (const { index } of text.matchAll(at)) last = index;
  return last;
}
