import { type ComparedRow, comparisonTable } from '../comparison/comparison-table.ts';
import type { Round } from '../comparison/contender.ts';
import type { HalfLoad } from '../comparison/take-turns.ts';
import { REFERENCE } from '../cost/own-rows.ts';
import { table } from '../table.ts';
import { BARE_FLASK } from './flask/flask-variants.ts';
import { flaskVersions } from './flask/install-flask.ts';
import { peerVersions } from './install-peers.ts';
import type { PeerVariant } from './peer-variants.ts';
import type { Arrived } from './receiver/peer-receiver.ts';

export interface PeerResult {
  readonly variant: PeerVariant;
  /** The requests before the first round, and what arrived for them, with its items. */
  readonly proofRequests: number;
  readonly proof: Arrived;
  /** At saturation by a load that never sleeps, and by one that does. */
  readonly awake: readonly Round[];
  readonly sleeping: readonly Round[];
  /** In all rounds at saturation. */
  readonly arrived: Arrived;
  readonly half: HalfLoad | undefined;
}

/**
 * Returns the versions, a table per load generator and a table of what arrived. `noFlask` is the reason why
 * the rows of Flask are missing.
 */
export function peersReport(results: readonly PeerResult[], noFlask: string | undefined): string {
  const besides = noFlask === undefined ? [REFERENCE, BARE_FLASK] : [REFERENCE];
  const compared = (pick: (result: PeerResult) => Omit<ComparedRow, 'name' | 'budgets'>) =>
    comparisonTable(
      results.map((result) => ({
        name: result.variant.name,
        budgets: result.variant.budgets,
        ...pick(result),
      })),
      besides,
    );
  return [
    versions(noFlask),
    'The load never sleeps; then half of what it reached, evenly spread',
    compared(({ awake, half }) => ({ rounds: awake, half })),
    'The load sleeps when it waits, so that a slower server pays for waking it',
    compared(({ sleeping }) => ({ rounds: sleeping })),
    'What arrives',
    arrivals(results),
  ].join('\n\n');
}

function versions(noFlask: string | undefined): string {
  const npm = Object.entries(peerVersions()).map(([name, version]) => `${name} ${version}`);
  const node = `Node.js ${process.versions.node}: ${npm.join(', ')}`;
  if (noFlask !== undefined) return `${node}\n\nThe rows of Flask are left out: ${noFlask}.`;
  return `${node}\n\nPython: ${flaskVersions().join(', ')}`;
}

function arrivals(results: readonly PeerResult[]): string {
  const rows = results.map(({ variant, proofRequests, proof, awake, sleeping, arrived }) => {
    const items = Object.entries(proof.items)
      .map(([kind, count]) => `${(count / proofRequests).toFixed(2)} ${kind}`)
      .filter((item) => !item.startsWith('0.00'));
    const requests = [...awake, ...sleeping].reduce((sum, round) => sum + round.requests, 0);
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
