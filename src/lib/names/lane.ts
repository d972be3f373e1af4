/** Tasks that run one after the other. A task calls `done` when it has ended. */
export interface Lane {
  /** Runs the task now, or when its turn comes. Returns false when too many wait. */
  add(task: (done: () => void) => void): boolean;
}

/** Creates a lane where at most `maxWaiting` tasks wait. */
export function createLane(maxWaiting: number): Lane {
  const waiting: ((done: () => void) => void)[] = [];
  let busy = false;

  function next(): void {
    const task = waiting.shift();
    busy = task !== undefined;
    task?.(next);
  }

  return {
    add(task) {
      if (busy && waiting.length >= maxWaiting) return false;
      waiting.push(task);
      if (!busy) next();
      return true;
    },
  };
}
