import type { TraceSummary } from '../../api/types.ts';
import type { Store } from './store.ts';

export interface Pause {
  isOn(): boolean;
  toggle(): void;
  /** The traces as they were when the reader paused; else as they are. */
  traces(): readonly TraceSummary[];
  /** How many came since. */
  waiting(): number;
}

/** Lets the reader hold the list still while the store goes on. */
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
