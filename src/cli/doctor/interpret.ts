import { describeError } from '../../lib/describe-error.ts';
import type { Outcome } from './probe-sink.ts';

/** The outcome of a check in words. */
export interface Interpretation {
  readonly works: boolean;
  /** The response of the back end, or that there was none. */
  readonly answer: string;
  /** The next step for the user; also set if the sink works but is misconfigured. */
  readonly advice?: string;
}

/** Advice by answer: the first pattern that matches applies. */
export type Hints = readonly (readonly [pattern: RegExp, advice: string])[];

export const UNREACHABLE =
  'check the address, and whether a proxy or a firewall blocks it; where a proxy leads out, set HTTPS_PROXY';

export const NO_NAME_SERVER = 'no name server answers: fix DNS';

const CORRECT_PROXY = 'correct HTTP_PROXY and HTTPS_PROXY, or name the host in NO_PROXY if it needs no proxy';

/** Hints that apply to every back end. */
const NETWORK_HINTS: Hints = [
  // tinyproxy answers a wrong password with 401.
  [
    /proxy answered 40[17]/,
    'the proxy wants a user and password: http://user:password@host:port in HTTPS_PROXY',
  ],
  [
    /proxy answered 50[234]/,
    `the proxy does not reach the host: correct the address or the region; else ${CORRECT_PROXY}`,
  ],
  [/proxy answered 3\d\d/, `the proxy redirects, probably to a login: sign in there, or ${CORRECT_PROXY}`],
  [/proxy answered/, `the proxy does not allow this host: let it, or ${CORRECT_PROXY}`],
  [/the proxy .*certificate/, 'the certificate of the proxy is not trusted: set NODE_EXTRA_CA_CERTS'],
  [/the proxy /, CORRECT_PROXY],
  [/ENOTFOUND/, 'the host name does not resolve: correct the address or the region, or fix DNS'],
  [/ECONNREFUSED/, 'nothing listens there: start it, or correct the address'],
  [/no answer|timeout|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|within \d+ ms/, UNREACHABLE],
  [/ECONNRESET|socket hang up/, 'another service, or a proxy, answers at this address'],
  [/wrong version number|packet length|EPROTO/, 'there is no TLS at this port: write http:// in the address'],
  [/Parse Error|HPE_/, 'another protocol is spoken at this port: correct it (OTLP over HTTP: 4318)'],
  [/altname/i, 'its certificate is for another name: correct the address; a proxy may be in the way'],
  [
    /before secure TLS/,
    'the connection is closed as TLS begins: a proxy, a firewall, or a service without TLS is in the way',
  ],
  [
    /certificate|CERT|UNABLE_TO|SSL|TLS/i,
    'its certificate is not trusted: set OTEL_EXPORTER_OTLP_CERTIFICATE or NODE_EXTRA_CA_CERTS',
  ],
  [/ 429|Throttl/, 'the rate limit or the quota is exceeded: try again later'],
  [/ 5\d\d\b/, 'the back end has a problem: try again later, or check its status page'],
  [/without acknowledging|is not from CloudWatch Logs/, 'another service answers at this address'],
];

/** The part of OpenSSL's message that says something, behind source files and numbers. */
const OPENSSL = /^.*:error:[0-9A-F]+:[^:]*:[^:]*:([^:]+):.*$/;

/** Describes an outcome: the text `accepted`, or else the error and the first hint that matches it. */
export function interpret(outcome: Outcome, accepted: string, hints: Hints): Interpretation {
  if (outcome.accepted) return { works: true, answer: accepted };
  const answer = describeError(outcome.reason)
    .replace(/^(?:Refused|Throttled|error): /, '')
    .replace(/; if the root CA is installed locally.*$/, '')
    .replace(OPENSSL, 'TLS fails: $1');
  const own = answer.includes('the proxy ') ? [] : hints;
  const all: Hints = [[/EAI_AGAIN/, NO_NAME_SERVER], ...own, ...NETWORK_HINTS];
  const match = all.find(([pattern]) => pattern.test(answer));
  return { works: false, answer, ...(match && { advice: match[1] }) };
}
