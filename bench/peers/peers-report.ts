import type { Round } from '../contender.ts';
import { median, table } from '../table.ts';
import { peerVersions } from './install-peers.ts';
import { type PeerVariant, REFERENCE } from './peer-variants.ts';
import type { Arrived } from './receiver/peer-receiver.ts';

export interface PeerResult {
  readonly variant: PeerVariant;
  /** The requests before the first round, and what arrived for them, with its items. */
  readonly proofRequests: number;
  readonly proof: Arrived;
  readonly rounds: readonly Round[];
  /** In all rounds. */
  readonly arrived: Arrived;
}

/** Returns the versions, a table of medians and a table of what arrived. Ratios are computed per round. */
export function peersReport(results: readonly PeerResult[]): string {
  const versions = Object.entries(peerVersions()).map(([name, version]) => `${name} ${version}`);
  return `${versions.join(', ')}\n\n${costs(results)}\n${arrivals(results)}`;
}

function costs(results: readonly PeerResult[]): string {
  const bare = results[0]?.rounds;
  const reference = results.find(({ variant }) => variant.name === REFERENCE)?.rounds;
  const rows = results.map(({ variant, rounds }) => {
    const medianOf = (value: (round: Round, index: number) => number) => median(rounds.map(value));
    const ratioTo = (base: readonly Round[] = []) =>
      medianOf(({ cpuMicros }, index) => cpuMicros / (base[index]?.cpuMicros ?? Number.NaN)).toFixed(2);
    return [
      variant.name,
      medianOf(({ cpuMicros }) => cpuMicros).toFixed(0),
      ratioTo(bare),
      ratioTo(reference),
      medianOf(({ requestsPerSecond }) => requestsPerSecond).toFixed(0),
      medianOf(({ p99Ms }) => p99Ms).toFixed(0),
      (medianOf(({ rssBytes }) => rssBytes) / 1e6).toFixed(0),
    ];
  });
  return table(
    ['', 'CPU µs per request', '× bare', `× ${REFERENCE}`, 'requests/s', 'p99 ms', 'RSS MB'],
    rows,
  );
}

function arrivals(results: readonly PeerResult[]): string {
  const rows = results.map(({ variant, proofRequests, proof, rounds, arrived }) => {
    const items = Object.entries(proof.items)
      .map(([kind, count]) => `${(count / proofRequests).toFixed(2)} ${kind}`)
      .filter((item) => !item.startsWith('0.00'));
    const requests = rounds.reduce((sum, round) => sum + round.requests, 0);
    return [
      variant.name,
      variant.sends,
      items.join(', ') || 'nothing',
      (proof.bytes / proofRequests).toFixed(0),
      (arrived.bytes / requests).toFixed(0),
    ];
  });
  return table(
    ['', 'sends', 'arrived per request', 'bytes per request', 'bytes per request at full load'],
    rows,
  );
}
