import {
  createSinkCounters,
  type SinkCounters,
  type SinkName,
} from '../../observability/delivery/sink-counters.ts';

/** What came of the one item that a sink got. */
export type Outcome = { readonly taken: true } | { readonly taken: false; readonly reason: unknown };

/** A sink that tells what happens to its first item. */
export interface ProbeSink {
  readonly sink: SinkCounters;
  readonly outcome: Promise<Outcome>;
}

/** Creates the witness: the service's own queues and clients report to it as to any sink, at the first attempt. */
export function createProbeSink(name: SinkName): ProbeSink {
  const { promise: outcome, resolve } = Promise.withResolvers<Outcome>();
  return {
    outcome,
    sink: {
      ...createSinkCounters(name, name),
      sent: () => resolve({ taken: true }),
      dropped: (_count, reason) => resolve({ taken: false, reason }),
      failed: (reason) => resolve({ taken: false, reason }),
    },
  };
}
