import { setTimeout as sleep } from 'node:timers/promises';
import { describeError } from '../../lib/describe-error.ts';
import type { SinkName } from '../../observability/delivery/sink-counters.ts';
import { type Interpretation, UNREACHABLE } from './interpret.ts';

const DEADLINE_MS = 15_000;

/** What one check found. None of the texts repeats a secret. */
export interface CheckResult {
  readonly name: SinkName | 'clock';
  readonly state: 'works' | 'fails' | 'off';
  /** Host and port. */
  readonly destination: string | null;
  /** What came back, or that nothing did. */
  readonly answer: string;
  readonly took_ms: number | null;
  /** What to do; null when there is nothing to do. */
  readonly advice: string | null;
}

/** Runs one check and takes its time. It fails when it throws, or has said nothing after 15 seconds. */
export async function runCheck(
  { name, destination }: Pick<CheckResult, 'name' | 'destination'>,
  check: () => Promise<Interpretation>,
): Promise<CheckResult> {
  const start = performance.now();
  const late = new AbortController();
  const { answer, works, advice } = await Promise.race([
    check().catch((error): Interpretation => ({ works: false, answer: describeError(error) })),
    sleep(DEADLINE_MS, undefined, { signal: late.signal }).then(
      (): Interpretation => ({
        works: false,
        answer: `nothing came back within ${DEADLINE_MS} ms`,
        advice: UNREACHABLE,
      }),
    ),
  ]);
  late.abort();
  const took_ms = Math.round(performance.now() - start);
  return { name, state: works ? 'works' : 'fails', destination, answer, took_ms, advice: advice ?? null };
}
