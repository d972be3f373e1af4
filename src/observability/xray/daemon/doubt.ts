import { type ArenaString, bytesOf, createStringArena } from '../../delivery/string-arena.ts';

/** The most that is held in doubt, in bytes. */
const MAX_BYTES = 4 * 1024 * 1024;

/** Datagrams that the kernel took, of which nobody can tell yet whether the daemon was still there. */
export interface Doubt {
  /** Keeps a copy of them. */
  hold(datagrams: readonly ArenaString[]): void;
  isEmpty(): boolean;
  isFull(): boolean;
  /** The number of batches held since the start. `settle` takes it. */
  mark(): number;
  /** Removes the batches that were held before `mark`, and returns the number of their datagrams. */
  settle(mark: number): number;
  /** Returns the datagrams of all batches. They are valid until they are settled. */
  all(): readonly ArenaString[];
}

/** Creates the list. It is bounded by its user, who settles it when it is full. */
export function createDoubt(): Doubt {
  const arena = createStringArena();
  const batches: (readonly ArenaString[])[] = [];
  let settled = 0;
  let bytes = 0;
  return {
    hold(datagrams) {
      batches.push(datagrams.map((datagram) => arena.write(bytesOf(datagram))));
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
      for (const datagram of datagrams) arena.release(datagram);
      return datagrams.length;
    },
    all: () => batches.flat(),
  };
}

function sizeOf(datagrams: readonly ArenaString[]): number {
  return datagrams.reduce((sum, { start, end }) => sum + end - start, 0);
}
