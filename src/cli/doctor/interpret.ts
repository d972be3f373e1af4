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

export const UNREACHABLE = 'check the address, and whether a proxy or a firewall blocks it';

/** Hints that apply to every back end. */
const NETWORK_HINTS: Hints = [
  [/ENOTFOUND|EAI_AGAIN/, 'the host name does not resolve: correct the address or the region, or fix DNS'],
  [/ECONNREFUSED/, 'nothing listens there: start it, or correct the address'],
  [/no answer|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|within \d+ ms/, UNREACHABLE],
  [/ECONNRESET|socket hang up/, 'another service, or a proxy, answers at this address'],
  [
    /certificate|CERT|SSL|TLS/i,
    'its certificate is not trusted: set OTEL_EXPORTER_OTLP_CERTIFICATE or NODE_EXTRA_CA_CERTS',
  ],
  [/ 429|Throttl/, 'the rate limit or the quota is exceeded: try again later'],
  [/ 5\d\d\b/, 'the back end has a problem: try again later, or check its status page'],
  [/without acknowledging|is not from CloudWatch Logs/, 'another service answers at this address'],
];

/** Describes an outcome: the text `accepted`, or else the error and the first hint that matches it. */
export function interpret(outcome: Outcome, accepted: string, hints: Hints): Interpretation {
  if (outcome.accepted) return { works: true, answer: accepted };
  const answer = describeError(outcome.reason).replace(/^(?:Refused|Throttled): /, '');
  const match = [...hints, ...NETWORK_HINTS].find(([pattern]) => pattern.test(answer));
  return { works: false, answer, ...(match && { advice: match[1] }) };
}
