import type { TraceSummary } from '../../api/types.ts';
import type { Store } from './store.ts';

export interface Pause {
  isOn(): boolean;
  toggle(): void;
  /** The traces at the time of the pause; the current ones when there is no pause. */
  traces(): readonly TraceSummary[];
  /** Number of traces that arrived since the pause. */
  waiting(): number;
}

/** Freezes the list while the store continues to receive. */
export function createPause(store: Store): Pause {
  let held: { readonly traces: readonly TraceSummary[]; readonly seen: number } | undefined;
  return {
    isOn: () => held !== undefined,
    toggle() {
      held = held ? undefined : { traces: store.traces(), seen: store.seen() };
    },
    traces: () => held?.traces ?? store.traces(),
    waiting: () => (held ? store.seen() - held.seen : 0),
  };
}
