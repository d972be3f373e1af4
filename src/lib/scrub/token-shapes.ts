import { REDACTED } from './redacted.ts';

/** Not within a word, unless that is the escape of a line end in JSON. Keeps the time linear. */
const START = String.raw`(?:(?<![\w-])|(?<=\\[nrt]))`;

/** Tokens that their form gives away, wherever they are. */
const SHAPES = [
  // JSON Web Tokens, signed or encrypted.
  String.raw`eyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*){0,3}`,
  // AWS: key ids, of users and of sessions.
  'A(?:KIA|SIA|BIA|CCA)[A-Z0-9]{16}(?![A-Z0-9])',
  // GitHub, GitLab, npm, PyPI, Docker, Hugging Face.
  'gh[opsur]_[A-Za-z0-9]{20,}',
  String.raw`github_pat_\w{20,}`,
  String.raw`gl(?:pat|dt|rt|cbt)-[\w-]{16,}`,
  'npm_[A-Za-z0-9]{30,}',
  String.raw`pypi-[\w-]{16,}`,
  String.raw`dckr_pat_[\w-]{16,}`,
  'hf_[A-Za-z0-9]{24,}',
  // Slack, Stripe, Twilio, SendGrid, Shopify, OpenAI and Anthropic, Google.
  String.raw`xox[a-z](?:\.[a-z]+)?-[\w-]{8,}`,
  String.raw`xapp-[\w-]{16,}`,
  '(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{8,}',
  'whsec_[A-Za-z0-9+/=]{16,}',
  String.raw`SG\.[\w-]{16,}\.[\w-]{16,}`,
  'shp(?:at|ca|pa|ss)_[A-Fa-f0-9]{24,}',
  String.raw`sk-(?:ant-|proj-)?[\w-]{32,}`,
  String.raw`AIza[\w-]{30,}`,
  String.raw`ya29\.[\w-]{16,}`,
  String.raw`GOCSPX-[\w-]{16,}`,
  // Honeycomb: ingest, configuration and management keys of each region.
  'hc[a-z](?:ik|lk|mk|ck)_[A-Za-z0-9]{8,}',
];

const SHAPE = new RegExp(`${START}(?:${SHAPES.join('|')})`, 'g');

/** A part of each of these, and of the patterns below, so that most texts are done after one look. */
const MARK =
  /eyJ|A(?:KIA|SIA|BIA|CCA|Iza)|gh[opsur]_|_pat_|gl[a-z]{2,3}-|npm_|pypi-|hf_|xox|xapp-|_live_|_test_|whsec_|SG\.|shp[a-z]{2}_|sk-|ya29|GOCSPX|hc[a-z]{2}k_|-BEGIN |slack\.com|[Bb]earer|BEARER|[Bb]asic|BASIC|[Kk]ey|KEY|:oracle:/;

/** A webhook's URL is its secret. */
const WEBHOOK = /(hooks\.slack\.com\/(?:services|workflows|triggers)\/)[\w/-]+/g;

/** `Bearer` and a token: prose has no digit, capital or padding after the word. */
const BEARER = /(?<![\w-])(bearer(?::\s*|\s+|%20|\+))(?=[a-z]*[^\sa-z,;:)"'])(?!\w+=["'])[\w.~+/%-]{6,}=*/gi;

/** `Basic` and something that may be base64. */
const BASIC = /(?<![\w-])(basic\s+)([A-Za-z0-9+/_-]{8,}={0,2})/gi;

/** The 40 characters of AWS's secret key, after its name and whatever separates the two. */
const AWS_SECRET = /(secret[-_ ]?(?:access[-_ ]?)?key[^\w[]{1,5})[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])/gi;

/** `jdbc:oracle:thin:user/password@host`. */
const ORACLE = /(jdbc:oracle:\w{2,5}:)[^\s/@]{1,128}\/[^\s@]{1,128}(?=@)/gi;

const PRIVATE_KEY = /-----BEGIN [A-Z ]{0,30}PRIVATE KEY[A-Z ]{0,10}-----/;
const KEY_END = /-----END [A-Z ]{0,30}PRIVATE KEY[A-Z ]{0,10}-----/g;

/** Tells whether a text may have something that `scrubShapes` replaces. */
export function mayHoldToken(text: string): boolean {
  return MARK.test(text);
}

/** Replaces the tokens and keys that a form of their own gives away. */
export function scrubShapes(text: string): string {
  if (!mayHoldToken(text)) return text;
  return scrubPrivateKeys(text)
    .replace(SHAPE, REDACTED)
    .replace(WEBHOOK, `$1${REDACTED}`)
    .replace(AWS_SECRET, `$1${REDACTED}`)
    .replace(BEARER, `$1${REDACTED}`)
    .replace(BASIC, (whole, scheme: string, value: string) => (isBasic(value) ? scheme + REDACTED : whole))
    .replace(ORACLE, `$1${REDACTED}`);
}

/** Tells whether this is the `user:password` of a Basic header in base64, and no word. */
function isBasic(value: string): boolean {
  return /^[\x20-\x7e\x80-\xff]*:/.test(Buffer.from(value, 'base64').toString('latin1'));
}

/** A key whose end is missing goes on to the end of the text. */
function scrubPrivateKeys(text: string): string {
  const start = PRIVATE_KEY.exec(text);
  if (start === null) return text;
  KEY_END.lastIndex = start.index;
  const end = KEY_END.exec(text);
  const before = text.slice(0, start.index) + REDACTED;
  return end === null ? before : before + scrubPrivateKeys(text.slice(KEY_END.lastIndex));
}
