import { NODE_ARGUMENTS } from '../../src/cli/launcher/node-arguments.ts';
import { LIMITS_OFF } from '../../test/helpers/limits-off.ts';
import type { Budgets } from '../comparison/comparison-table.ts';
import type { ContenderOptions } from '../comparison/contender.ts';

type Variables = Readonly<Record<string, string>>;

/** This API in one configuration. */
export interface OwnRow {
  readonly name: string;
  /** What it sends and what it leaves out. */
  readonly sends: string;
  /** Whether X-Ray samples every request; default: by the rule of `aws/json/xray.json`. */
  readonly samplesAll?: boolean;
  readonly budgets: Budgets;
  /** Chooses among the variables that point all four systems at a receiver. */
  readonly systems: (receiver: Variables) => Variables;
}

/** The agent that all four systems together may not exceed. */
export const REFERENCE = 'dd-trace, traces alone';

export const OWN_ROWS: readonly OwnRow[] = [
  {
    name: 'this API, systems off',
    sends: 'nothing; log lines on stdout alone',
    budgets: { cpu: 1.15 },
    systems: () => ({}),
  },
  {
    name: 'this API, Honeycomb alone',
    sends: 'spans of every request; no log lines, segments or errors',
    budgets: { cpu: 2 },
    systems: ({ OTEL_EXPORTER_OTLP_ENDPOINT = '' }) => ({ OTEL_EXPORTER_OTLP_ENDPOINT }),
  },
  {
    name: 'this API, all four, 10 % + 5/s',
    sends: 'spans and log lines of every request, X-Ray segments by its rule; Rollbar items of errors only',
    budgets: { cpu: 2.5, cpuBeside: { [REFERENCE]: 1 } },
    systems: (receiver) => receiver,
  },
  {
    name: 'this API, all four, 100 %',
    sends: 'the same, X-Ray segments of every request',
    samplesAll: true,
    budgets: { cpu: 3.5 },
    systems: (receiver) => receiver,
  },
];

/** Returns how to start this API, as `npm run api` does. `systems` are the variables of those that are on. */
export function observedServer(systems: Variables): ContenderOptions {
  return {
    module: new URL('./observed-server.ts', import.meta.url),
    execArgv: NODE_ARGUMENTS,
    env: {
      DATABASE_URL: 'postgres://unused@127.0.0.1:1/unused',
      HOST: '127.0.0.1',
      PORT: '0',
      ...LIMITS_OFF,
      ...systems,
    },
  };
}
