/** Finds the log events of a group by their time, without reading all others. */
export interface LogIndex {
  add(group: string, timestamp: number, place: number): void;
  /** The places of a group's events from `start` up to before `end`, in the order of arrival. */
  places(group: string, start: number, end: number): number[];
  /** Forgets what is before `place`. */
  dropBefore(place: number): void;
  clear(): void;
}

interface Group {
  readonly timestamps: number[];
  readonly places: number[];
}

export function createLogIndex(): LogIndex {
  const groups = new Map<string, Group>();
  return {
    add(name, timestamp, place) {
      const group = groups.get(name) ?? { timestamps: [], places: [] };
      if (group.places.length === 0) groups.set(name, group);
      group.timestamps.push(timestamp);
      group.places.push(place);
    },
    places(name, start, end) {
      const { timestamps, places } = groups.get(name) ?? { timestamps: [], places: [] };
      return places.filter((_, index) => {
        const timestamp = timestamps[index] ?? 0;
        return timestamp >= start && timestamp < end;
      });
    },
    dropBefore(place) {
      for (const [name, { timestamps, places }] of groups) {
        const found = places.findIndex((each) => each >= place);
        const count = found < 0 ? places.length : found;
        timestamps.splice(0, count);
        places.splice(0, count);
        if (places.length === 0) groups.delete(name);
      }
    },
    clear: () => groups.clear(),
  };
}
