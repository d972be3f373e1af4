import { parseArgs } from 'node:util';
import { measureAbuse } from './abuse/abuse.ts';
import { measureCost } from './cost/cost.ts';
import { measureFeed } from './feed.ts';
import { measureHistory } from './history.ts';
import { measureOutage } from './outage/outage.ts';
import { measurePeers } from './peers/peers.ts';
import { measureSoak } from './soak.ts';
import { measureStartUp } from './start-up.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '20' },
    'warm-up': { type: 'string', default: '40000' },
    seconds: { type: 'string', default: '60' },
    minutes: { type: 'string', default: '10' },
  },
});

const benchmarks: Record<string, () => Promise<string>> = {
  cost: () => measureCost({ rounds: Number(values.rounds), warmUp: Number(values['warm-up']) }),
  outage: () => measureOutage({ rounds: Number(values.rounds), warmUp: Number(values['warm-up']) }),
  'start-up': measureStartUp,
  feed: measureFeed,
  abuse: () => measureAbuse(Number(values.seconds)),
  history: measureHistory,
  soak: () => measureSoak(Number(values.minutes)),
  peers: () => measurePeers({ rounds: Number(values.rounds), warmUp: Number(values['warm-up']) }),
};

/** Installs other packages than the root's, so that it runs only by its name. */
const BY_NAME_ONLY = 'peers';
const usual = Object.keys(benchmarks).filter((name) => name !== BY_NAME_ONLY);

// Prints the results. A missed budget is marked in its row and does not change the exit code.
for (const name of positionals.length > 0 ? positionals : usual) {
  const benchmark = benchmarks[name];
  if (benchmark === undefined)
    throw new Error(`unknown benchmark ${name} (available: ${Object.keys(benchmarks).join(', ')})`);
  process.stdout.write(`\n${name}\n\n${await benchmark()}`);
}
