/** Finds the log events of a group by time, without reading other entries. */
export interface LogIndex {
  add(group: string, timestamp: number, offset: number): void;
  /** Returns the offsets of events from `start` (inclusive) to `end` (exclusive), in the order of arrival. */
  offsets(group: string, start: number, end: number): number[];
  /** Removes the events before `offset`. */
  dropBefore(offset: number): void;
  clear(): void;
}

interface Group {
  readonly timestamps: number[];
  readonly offsets: number[];
}

export function createLogIndex(): LogIndex {
  const groups = new Map<string, Group>();
  return {
    add(name, timestamp, offset) {
      const group = groups.get(name) ?? { timestamps: [], offsets: [] };
      if (group.offsets.length === 0) groups.set(name, group);
      group.timestamps.push(timestamp);
      group.offsets.push(offset);
    },
    offsets(name, start, end) {
      const { timestamps, offsets } = groups.get(name) ?? { timestamps: [], offsets: [] };
      return offsets.filter((_, index) => {
        const timestamp = timestamps[index] ?? 0;
        return timestamp >= start && timestamp < end;
      });
    },
    dropBefore(offset) {
      for (const [name, { timestamps, offsets }] of groups) {
        const found = offsets.findIndex((each) => each >= offset);
        const count = found < 0 ? offsets.length : found;
        timestamps.splice(0, count);
        offsets.splice(0, count);
        if (offsets.length === 0) groups.delete(name);
      }
    },
    clear: () => groups.clear(),
  };
}
