import {
  createSinkCounters,
  type SinkCounters,
  type SinkName,
} from '../../observability/delivery/sink-counters.ts';

/** Whether the back end accepted the item. */
export type Outcome = { readonly accepted: true } | { readonly accepted: false; readonly reason: unknown };

/** Counters that report the outcome of the first item. */
export interface ProbeSink {
  readonly sink: SinkCounters;
  readonly outcome: Promise<Outcome>;
}

/** Creates counters for the service's queues and clients. They resolve `outcome` after one attempt. */
export function createProbeSink(name: SinkName): ProbeSink {
  const { promise: outcome, resolve } = Promise.withResolvers<Outcome>();
  return {
    outcome,
    sink: {
      ...createSinkCounters(name, name),
      sent: () => resolve({ accepted: true }),
      dropped: (_count, reason) => resolve({ accepted: false, reason }),
      failed: (reason) => resolve({ accepted: false, reason }),
    },
  };
}
