import { createSink, type Sink, type SinkName } from '../../observability/delivery/sink-counters.ts';

/** What came of the one item that a sink got. */
export type Outcome = { readonly taken: true } | { readonly taken: false; readonly reason: unknown };

/** A sink that tells what happens to its first item. */
export interface Witness {
  readonly sink: Sink;
  readonly outcome: Promise<Outcome>;
}

/** Creates the witness: the service's own queues and clients report to it as to any sink, at the first attempt. */
export function createWitness(name: SinkName): Witness {
  const { promise: outcome, resolve } = Promise.withResolvers<Outcome>();
  return {
    outcome,
    sink: {
      ...createSink(name, name),
      sent: () => resolve({ taken: true }),
      dropped: (_count, reason) => resolve({ taken: false, reason }),
      failed: (reason) => resolve({ taken: false, reason }),
    },
  };
}
