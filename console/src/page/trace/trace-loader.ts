import type { TraceView } from '../../api/types.ts';

const PAUSE_MS = 150;

export type LoadedTrace =
  | { readonly state: 'loading' }
  | { readonly state: 'there'; readonly view: TraceView }
  /** The console has no trace with this id: not yet, or no longer. */
  | { readonly state: 'missing'; readonly message: string }
  | { readonly state: 'failed'; readonly message: string };

export interface TraceLoader {
  /** Loads a trace, by its id in any format, instead of the current one. */
  open(id: string): void;
  /** Loads the current trace again soon, because it has grown. */
  refresh(): void;
  leave(): void;
}

/** Creates a loader for one trace at a time, with at most one request in flight. */
export function createTraceLoader(onChange: (loaded: LoadedTrace) => void): TraceLoader {
  let id: string | undefined;
  let isLoading = false;
  let isStale = false;

  async function load(): Promise<void> {
    const requested = id;
    if (requested === undefined) return;
    if (isLoading) {
      isStale = true;
      return;
    }
    isLoading = true;
    isStale = false;
    const loaded = await fetchTrace(requested);
    if (id === requested) onChange(loaded);
    setTimeout(() => {
      isLoading = false;
      if (isStale || id !== requested) void load();
    }, PAUSE_MS);
  }

  return {
    open(next) {
      if (next === id) return;
      id = next;
      onChange({ state: 'loading' });
      void load();
    },
    refresh: () => void load(),
    leave() {
      id = undefined;
    },
  };
}

async function fetchTrace(id: string): Promise<LoadedTrace> {
  try {
    const response = await fetch(`/api/traces/${encodeURIComponent(id)}`);
    if (response.ok) return { state: 'there', view: (await response.json()) as TraceView };
    const { message } = (await response.json()) as { message: string };
    return { state: response.status === 404 ? 'missing' : 'failed', message };
  } catch (error) {
    return { state: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}
