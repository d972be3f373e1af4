import { describeError } from '../../lib/describe-error.ts';
import { settleWithin } from '../../lib/with-timeout.ts';
import { waitsForName } from '../../lifecycle/end-process.ts';
import type { SinkName } from '../../observability/delivery/sink-counters.ts';
import { type Interpretation, NO_NAME_SERVER, UNREACHABLE } from './interpret.ts';

const DEADLINE_MS = 15_000;
const TOO_LATE: Interpretation = {
  works: false,
  answer: `no response within ${DEADLINE_MS} ms`,
  advice: UNREACHABLE,
};

/** Answers that tell only that nothing came; those with a code came after a name server had answered. */
const SILENCE = /no answer|no response|timeout/;
const HAS_CODE = /\bE[A-Z]{5,}\b/;
/** Destinations that need no name server. */
const IS_ADDRESS = /^(?:[\d.]+|\[.+\])(?::\d+)?$/;

/** The result of one check; an entry of `findings` in the JSON output. Its texts never repeat a secret. */
export interface CheckResult {
  readonly name: SinkName | 'database' | 'clock';
  readonly state: 'works' | 'fails' | 'off';
  /** Host and port. */
  readonly destination: string | null;
  /** The response of the back end, or that there was none. */
  readonly answer: string;
  readonly took_ms: number | null;
  /** The next step for the user; null if there is none. */
  readonly advice: string | null;
}

/** Runs one check and measures its duration. A check fails if it rejects or takes longer than 15 s. */
export async function runCheck(
  { name, destination }: Pick<CheckResult, 'name' | 'destination'>,
  check: () => Promise<Interpretation>,
): Promise<CheckResult> {
  const start = performance.now();
  const work = Promise.resolve()
    .then(check)
    .catch((error): Interpretation => ({ works: false, answer: describeError(error) }));
  const inTime = await settleWithin(DEADLINE_MS, work);
  const { answer, works, advice: usual } = inTime ? await work : TOO_LATE;
  const isSilent = !works && SILENCE.test(answer) && !HAS_CODE.test(answer);
  const advice = isSilent && !IS_ADDRESS.test(destination ?? '') && waitsForName() ? NO_NAME_SERVER : usual;
  const took_ms = Math.round(performance.now() - start);
  return { name, state: works ? 'works' : 'fails', destination, answer, took_ms, advice: advice ?? null };
}
