import type { CheckResult } from './check-result.ts';
import type { ProbeIds } from './probe-ids.ts';

/** Returns the results as text: one line each, then the trace id under which the items can be found. */
export function describeResults(results: readonly CheckResult[], { traceId }: ProbeIds): string {
  const lines = results.map(describe);
  const arrived = results.some(
    ({ name, state }) => !['database', 'clock'].includes(name) && state === 'works',
  );
  return `${[...lines, ...(arrived ? ['', `Search each system for trace id ${traceId}`] : [])].join('\n')}\n`;
}

function describe({ name, state, destination, answer, took_ms, advice }: CheckResult): string {
  const where = destination === null ? '' : `${destination}: `;
  const took = took_ms === null ? '' : ` (${took_ms} ms)`;
  const nextStep = advice === null ? '' : ` → ${advice}`;
  return `${name.padEnd(12)}${state.padEnd(7)}${where}${answer}${took}${nextStep}`;
}
