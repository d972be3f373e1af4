import type { CheckResult } from './check-result.ts';
import type { ProbeIds } from './probe-ids.ts';

/** The findings for a person to read: a line each, and under which id to look for what arrived. */
export function describeResults(findings: readonly CheckResult[], { traceId }: ProbeIds): string {
  const lines = findings.map(describe);
  const arrived = findings.some(({ name, state }) => name !== 'clock' && state === 'works');
  return `${[...lines, ...(arrived ? ['', `To look: trace id ${traceId}`] : [])].join('\n')}\n`;
}

function describe({ name, state, destination, answer, took_ms, advice }: CheckResult): string {
  const where = destination === null ? '' : `${destination}: `;
  const took = took_ms === null ? '' : ` (${took_ms} ms)`;
  const what = advice === null ? '' : ` → ${advice}`;
  return `${name.padEnd(12)}${state.padEnd(7)}${where}${answer}${took}${what}`;
}
