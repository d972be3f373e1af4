import { settleWithin } from '../lib/settle-within.ts';

const GRACE_MS = 50;

/** Something that has to get rid of what it holds before the process ends. */
export interface Drainable {
  readonly name: string;
  /** Takes `budgetMs` at the most. */
  drain(budgetMs: number): Promise<void>;
}

/**
 * Drains stage after stage, the members of one at the same time, all of it within `budgetMs`. A stage may use an equal
 * share of the time that is left, and leaves to the next ones what it does not need: one that hangs starves no other.
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
