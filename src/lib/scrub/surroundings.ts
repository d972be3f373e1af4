import { REDACTED } from './redacted.ts';

/** What stands around a secret that neither a separator nor its own form gives away. Nothing is unbounded. */
const PATTERNS: readonly { readonly mark: string; readonly before: RegExp }[] = [
  // A command line: --password hunter2, also as a list of texts: ['--password', 'hunter2'].
  {
    mark: '--',
    before:
      /(--[\w-]{0,30}(?:passw|pwd|token|secret|api-?key)[\w-]{0,30}(?: {1,4}|(["']),\s{0,8}\2))(?!--)[^\s"']{1,500}/gi,
  },
  // curl: -u worf:hunter2, --proxy-user worf:hunter2.
  {
    mark: '-u',
    before:
      /((?<![\w-])(?:-u|--user|--proxy-user)(?: {1,4}|=|["'],\s{0,8}["'])["']?[^\s:"']{1,64}:)[^\s"'/]{1,200}/g,
  },
  // XML: <password>hunter2</password>.
  { mark: '</', before: /(<[\w:-]{0,30}(?:passw|pwd|token|secret)[\w:-]{0,30}>)[^<]{1,500}(?=<\/)/gi },
  // A list of headers: ['x-api-key', 'hunter2'].
  {
    mark: ',',
    before:
      /((["'])(?:x-[\w-]{0,40}(?:key|token|team|secret|auth)[\w-]{0,20}|(?:proxy-)?authorization|(?:set-)?cookie)\2\s{0,4},\s{0,4}(["']))[^"'\n]{1,1000}(?=\3)/gi,
  },
  // A quotation: wrong password "hunter2".
  { mark: 'pass', before: /((?:password|passphrase|passwd|passcode) (["']))[^"'\n]{1,200}(?=\2)/gi },
  // What JSON.parse quotes of a text whose beginning it leaves out, and with it the names.
  {
    mark: ' is not valid json',
    before: /(Unexpected token .{1,8}, \.{3}")[^<\n]{1,40}(?="(?:\.{3})? is not valid JSON)/g,
  },
  // Or of a text that is no JSON at all: a single word with a digit may be a password.
  {
    mark: ' is not valid json',
    before:
      /(Unexpected token .{1,8}, ")(?=[a-z]*\d)[\w!#$%&*+./=?@^~-]{6,40}(?="(?:\.{3})? is not valid JSON)/gi,
  },
  // Go's notation, and addresses without a protocol: app:hunter2@tcp(db:3306), app:hunter2@db:5432.
  {
    mark: '@',
    before: /((?<![\w.:/@-])[\w.+-]{1,40}:)[^\s:@/"'<>]{1,128}(?=@(?:\w{3,5}\(|[\w.-]{1,100}:\d{2,5}\b))/g,
  },
];

/** Replaces the secrets that only their surroundings give away. */
export function scrubSurroundings(text: string): string {
  const lower = text.toLowerCase();
  let scrubbed = text;
  for (const { mark, before } of PATTERNS) {
    if (lower.includes(mark)) scrubbed = scrubbed.replace(before, `$1${REDACTED}`);
  }
  return scrubbed;
}
