import { settleWithin } from '../lib/with-timeout.ts';

const GRACE_MS = 50;

/** A component that must send or store its queued items before the process ends. */
export interface Drainable {
  readonly name: string;
  /** Must settle within `budgetMs`. */
  drain(budgetMs: number): Promise<void>;
}

/**
 * Drains the stages in order within `budgetMs`; the members of a stage drain in parallel. Each stage gets an
 * equal share of the remaining time, so a member that hangs cannot use up the time of later stages. A member
 * that rejects or exceeds its share is passed to `onFailure`.
 */
export async function drainInStages(
  stages: readonly (readonly Drainable[])[],
  budgetMs: number,
  onFailure: (name: string, reason: unknown) => void,
): Promise<void> {
  const end = performance.now() + budgetMs;
  for (const [index, stage] of stages.entries()) {
    const share = Math.max(0, end - performance.now()) / (stages.length - index);
    await Promise.all(stage.map((member) => drainOne(member, share, onFailure)));
  }
}

async function drainOne(
  member: Drainable,
  budgetMs: number,
  onFailure: (name: string, reason: unknown) => void,
): Promise<void> {
  const work = Promise.try(() => member.drain(budgetMs)).catch((reason) => onFailure(member.name, reason));
  const inTime = await settleWithin(budgetMs + GRACE_MS, work);
  if (!inTime) onFailure(member.name, new Error(`still draining after ${Math.round(budgetMs)} ms`));
}
