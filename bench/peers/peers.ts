import { setTimeout as sleep } from 'node:timers/promises';
import { BenchProcess } from '../bench-process.ts';
import { type Contender, LOAD_CORE, startContender } from '../contender.ts';
import { ruleOfTemplate } from '../cost/start-receiver.ts';
import { installPeers } from './install-peers.ts';
import { PEER_VARIANTS } from './peer-variants.ts';
import { peersReport } from './peers-report.ts';
import type { ReceiverOrder } from './receiver/main.ts';
import { type Arrived, NOTHING } from './receiver/peer-receiver.ts';

/** The requests whose items are counted: less than any peer drops. */
const PROOF = { requests: 200, rate: 100 };
/** Longer than any peer holds a batch: elastic-apm-node 10 s, OpenTelemetry 5 s, dd-trace 2 s. */
const LONGEST_BATCH_MS = 12_000;

export interface PeersOptions {
  readonly rounds: number;
  /** Requests per server before the first round, because compiling code costs CPU time too. */
  readonly warmUp: number;
}

/**
 * Measures this API beside other agents on the same Express app, in turns of one second. At first it counts
 * the items that arrive from each at a low rate, which proves that it sends. Counting takes CPU time on the
 * core of the load; the rounds count bytes alone.
 */
export async function measurePeers({ rounds, warmUp }: PeersOptions): Promise<string> {
  installPeers();
  const receivers = new BenchProcess(new URL('./receiver/main.ts', import.meta.url), { core: LOAD_CORE });
  const load = new BenchProcess(new URL('../load.ts', import.meta.url), { core: LOAD_CORE });
  await Promise.all([receivers.ready, load.ready]);
  const order = <Answer>(message: ReceiverOrder) => receivers.ask<Answer>(message);
  const take = (countsItems: boolean) => order<Arrived[]>({ command: 'take', countsItems });

  const contenders: Contender[] = [];
  for (const { server, sampledShare = ruleOfTemplate.FixedRate } of PEER_VARIANTS) {
    const port = await order<number>({ command: 'start', sampledShare });
    contenders.push(await startContender(load, server(port)));
  }
  for (const contender of contenders) await contender.measure(PROOF);
  await sleep(LONGEST_BATCH_MS);
  const proofs = await take(false);
  for (const contender of contenders) await contender.warmUp(warmUp);
  await take(false);
  for (let round = 0; round < rounds; round += 1) {
    for (const contender of contenders) await contender.measure();
  }
  await sleep(LONGEST_BATCH_MS);
  const arrivals = await take(false);
  await Promise.all([...contenders, load, receivers].map((process) => process.stop()));
  return peersReport(
    PEER_VARIANTS.map((variant, index) => ({
      variant,
      rounds: contenders[index]?.rounds.slice(1) ?? [],
      proofRequests: PROOF.requests,
      proof: proofs[index] ?? NOTHING,
      arrived: arrivals[index] ?? NOTHING,
    })),
  );
}
