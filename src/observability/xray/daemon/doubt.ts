/** The most that is held in doubt, in bytes. */
const MAX_BYTES = 4 * 1024 * 1024;

/** Datagrams that the kernel took, of which nobody can tell yet whether the daemon was still there. */
export interface Doubt {
  hold(datagrams: readonly Buffer[]): void;
  isEmpty(): boolean;
  isFull(): boolean;
  /** The number of batches held since the start. `settle` takes it. */
  mark(): number;
  /** Removes the batches that were held before `mark`, and returns the number of their datagrams. */
  settle(mark: number): number;
  /** Returns the datagrams of all batches. */
  all(): readonly Buffer[];
}

/** Creates the list. It is bounded by its user, who settles it when it is full. */
export function createDoubt(): Doubt {
  const batches: (readonly Buffer[])[] = [];
  let settled = 0;
  let bytes = 0;
  return {
    hold(datagrams) {
      batches.push(datagrams);
      bytes += sizeOf(datagrams);
    },
    isEmpty: () => batches.length === 0,
    isFull: () => bytes >= MAX_BYTES,
    mark: () => settled + batches.length,
    settle(mark) {
      const removed = batches.splice(0, Math.max(0, mark - settled));
      settled += removed.length;
      const datagrams = removed.flat();
      bytes -= sizeOf(datagrams);
      return datagrams.length;
    },
    all: () => batches.flat(),
  };
}

function sizeOf(datagrams: readonly Buffer[]): number {
  return datagrams.reduce((sum, { length }) => sum + length, 0);
}
