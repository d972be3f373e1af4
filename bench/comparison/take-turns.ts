import { median } from '../table.ts';
import type { Contender, Round, Turn } from './contender.ts';

/** The p99 latencies of a server, and those of the first server at the same rate in the same rounds. */
export interface HalfLoad {
  readonly rate: number;
  readonly p99Ms: readonly number[];
  readonly baseP99Ms: readonly number[];
}

/** After its turn at saturation and a pause, a server collects garbage in its next second. */
const SETTLE_SECONDS = 1;

/** Gives each server a turn per round, so that noise affects all of them. Returns the rounds of each. */
export async function takeTurns(
  contenders: readonly Contender[],
  rounds: number,
  turn?: Turn,
): Promise<Round[][]> {
  const measured = contenders.map((): Round[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, contender] of contenders.entries()) {
      measured[index]?.push(await contender.measure(turn));
    }
  }
  return measured;
}

/**
 * Measures the latency of each server at half of the load that saturates it, beside that of the first server
 * at the same rate. `saturated` has the rounds of each at saturation.
 */
export async function takeTurnsAtHalfLoad(
  contenders: readonly Contender[],
  saturated: readonly (readonly Round[])[],
  rounds: number,
): Promise<HalfLoad[]> {
  const halves = saturated.map((measured) => ({
    rate: Math.round(median(measured.map(({ requestsPerSecond }) => requestsPerSecond)) / 2),
    p99Ms: [] as number[],
    baseP99Ms: [] as number[],
  }));
  const [base] = contenders;
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, contender] of contenders.entries()) {
      const half = halves[index];
      if (!half || !base) continue;
      const turn: Turn = { rate: half.rate, settleSeconds: SETTLE_SECONDS };
      const own = await contender.measure(turn);
      const beside = contender === base ? own : await base.measure(turn);
      half.p99Ms.push(own.p99Ms);
      half.baseP99Ms.push(beside.p99Ms);
    }
  }
  return halves;
}
