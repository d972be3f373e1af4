import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchProcess } from '../bench-process.ts';
import {
  type Contender,
  startContender,
  startLoad,
  startOnLoadCore,
  stopAll,
} from '../comparison/contender.ts';
import { takeTurns, takeTurnsAtHalfLoad } from '../comparison/take-turns.ts';
import type { CostOptions } from '../cost/cost.ts';
import { ruleOfTemplate } from '../cost/start-receiver.ts';
import { FLASK_VARIANTS } from './flask/flask-variants.ts';
import { installFlask } from './flask/install-flask.ts';
import { installPeers } from './install-peers.ts';
import { LONGEST_BATCH_MS, PEER_VARIANTS, type PeerVariant } from './peer-variants.ts';
import { type PeerResult, peersReport } from './peers-report.ts';
import type { ReceiverOrder } from './receiver/main.ts';
import { type Arrived, NOTHING } from './receiver/peer-receiver.ts';

/** The requests whose items are counted: less than any peer drops. */
const PROOF = { requests: 200, rate: 100 };

/**
 * Measures this API beside other agents on the same Express app, and beside the course's Flask app where
 * Python is there, in turns of one second. At first it counts the items that arrive from each at a low rate,
 * which proves that it sends. Counting takes CPU time on the core of the load; the rounds count bytes alone.
 */
export async function measurePeers(options: CostOptions): Promise<string> {
  installPeers();
  const noFlask = installFlask();
  const variants = noFlask === undefined ? [...PEER_VARIANTS, ...FLASK_VARIANTS] : PEER_VARIANTS;
  const receivers = startOnLoadCore(new URL('./receiver/main.ts', import.meta.url));
  const load = await startLoad();
  await receivers.ready;
  const contenders = await startAll(variants, load, receivers);
  const results = await measureAll(variants, contenders, receivers, options);
  await stopAll(contenders, [load, receivers]);
  return peersReport(results, noFlask);
}

async function startAll(
  variants: readonly PeerVariant[],
  load: BenchProcess<unknown>,
  receivers: BenchProcess<unknown>,
): Promise<Contender[]> {
  const contenders: Contender[] = [];
  for (const { server, samplesAll } of variants) {
    const sampledShare = samplesAll ? 1 : ruleOfTemplate.FixedRate;
    const port = await receivers.ask<number>({ command: 'start', sampledShare } satisfies ReceiverOrder);
    contenders.push(await startContender(load, server(port)));
  }
  return contenders;
}

async function measureAll(
  variants: readonly PeerVariant[],
  contenders: readonly Contender[],
  receivers: BenchProcess<unknown>,
  { rounds, warmUp }: CostOptions,
): Promise<PeerResult[]> {
  const take = () =>
    receivers.ask<Arrived[]>({ command: 'take', countsItems: false } satisfies ReceiverOrder);
  const longestBatchMs = Math.max(...variants.map((variant) => variant.longestBatchMs ?? LONGEST_BATCH_MS));

  await takeTurns(contenders, 1, PROOF);
  await sleep(longestBatchMs);
  const proofs = await take();
  for (const contender of contenders) await contender.warmUp(warmUp);
  await take();
  const awake = await takeTurns(contenders, rounds);
  const sleeping = await takeTurns(contenders, rounds, { sleeps: true });
  await sleep(longestBatchMs);
  const arrivals = await take();
  const halves = await takeTurnsAtHalfLoad(contenders, awake, rounds);
  return variants.map((variant, index) => ({
    variant,
    proofRequests: PROOF.requests,
    proof: proofs[index] ?? NOTHING,
    awake: awake[index] ?? [],
    sleeping: sleeping[index] ?? [],
    arrived: arrivals[index] ?? NOTHING,
    half: halves[index],
  }));
}
