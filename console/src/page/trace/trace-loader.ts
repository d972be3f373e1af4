import type { TraceView } from '../../api/types.ts';

const PAUSE_MS = 150;

export type LoadedTrace =
  | { readonly state: 'loading' }
  | { readonly state: 'there'; readonly view: TraceView }
  /** Nothing is kept under this id: not yet, or no longer. */
  | { readonly state: 'missing'; readonly message: string }
  | { readonly state: 'failed'; readonly message: string };

export interface TraceLoader {
  /** Loads a trace, by any form of its id; leaves the one before. */
  open(id: string): void;
  /** Loads it again, soon: more of it has come. */
  refresh(): void;
  leave(): void;
}

/** Fetches one trace at a time, at most one request at once. */
export function createTraceLoader(onChange: (loaded: LoadedTrace) => void): TraceLoader {
  let id: string | undefined;
  let isLoading = false;
  let isStale = false;

  async function load(): Promise<void> {
    const asked = id;
    if (asked === undefined) return;
    if (isLoading) {
      isStale = true;
      return;
    }
    isLoading = true;
    isStale = false;
    const loaded = await fetchTrace(asked);
    if (id === asked) onChange(loaded);
    setTimeout(() => {
      isLoading = false;
      if (isStale || id !== asked) void load();
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
