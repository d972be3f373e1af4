import { describeError } from '../../lib/describe-error.ts';
import type { Outcome } from './probe-sink.ts';

/** What a check has to say. */
export interface Interpretation {
  readonly works: boolean;
  /** What came back, or that nothing did. */
  readonly answer: string;
  /** What to do; also of something that works, but not as it should. */
  readonly advice?: string;
}

/** The first pattern that an answer matches says what to do. */
export type Hint = readonly (readonly [pattern: RegExp, advice: string])[];

export const UNREACHABLE = 'the address, a proxy or a firewall in between is at fault';

/** What to do about a back end that cannot be reached, whichever it is. */
const NETWORK_ADVICE: Hint = [
  [/ENOTFOUND|EAI_AGAIN/, 'no host has this name: correct the address or the region, or mend DNS'],
  [/ECONNREFUSED/, 'nothing listens there: start it, or correct the address'],
  [/no answer|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|within \d+ ms/, UNREACHABLE],
  [/ECONNRESET|socket hang up/, 'something else than the back end is at this address, or a proxy in between'],
  [
    /certificate|CERT|SSL|TLS/i,
    'its certificate is not trusted: see OTEL_EXPORTER_OTLP_CERTIFICATE, NODE_EXTRA_CA_CERTS',
  ],
  [/ 429|Throttl/, 'it asks for a pause: the quota is used up, or try again later'],
  [/ 5\d\d\b/, 'it is in trouble itself: try again later, and see its status page'],
  [/without acknowledging|is not one of/, 'something else than the back end is at this address'],
];

/** The diagnosis of what came of an item. */
export function interpret(outcome: Outcome, taken: string, advice: Hint): Interpretation {
  if (outcome.taken) return { works: true, answer: taken };
  const answer = describeError(outcome.reason).replace(/^(?:Refused|Throttled): /, '');
  const match = [...advice, ...NETWORK_ADVICE].find(([pattern]) => pattern.test(answer));
  return { works: false, answer, ...(match && { advice: match[1] }) };
}
