/** A map of bounded size. */
export interface RecentMap<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
}

/**
 * Creates a map that holds at most `2 * generation` keys and forgets those that were used least recently: a
 * key is kept until `generation` others are used after it. It has no timers, and each call does constant
 * work.
 */
export function createRecentMap<Value>(generation: number): RecentMap<Value> {
  let current = new Map<string, Value>();
  let previous = new Map<string, Value>();

  function set(key: string, value: Value): void {
    if (current.size >= generation && !current.has(key)) {
      previous = current;
      current = new Map();
    }
    current.set(key, value);
  }

  return {
    set,
    get(key) {
      const kept = current.get(key);
      if (kept !== undefined) return kept;
      const older = previous.get(key);
      if (older !== undefined) set(key, older);
      return older;
    },
  };
}
