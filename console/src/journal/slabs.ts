const NEWLINE = 0x0a;

interface Slab {
  /** The place of its first byte. */
  readonly start: number;
  readonly buffer: Buffer;
  used: number;
}

/** Lines of text outside of the JavaScript heap; a place is a line's position among all bytes ever appended. */
export interface Slabs {
  /** Of all slabs, with what is left over at the end of each but the last. */
  readonly bytes: number;
  /** What `append` would add to `bytes`. */
  cost(size: number): number;
  /** Appends a line of `size` bytes, which holds no newline, and returns its place. */
  append(line: string, size: number): number;
  read(place: number): string;
  /** The places of all lines, oldest first. */
  places(): Generator<number>;
  /** Forgets the oldest slab; returns the first place that is left. */
  dropOldest(): number;
  clear(): void;
}

/** Keeps lines in buffers of `slabBytes`; a line that is larger gets one of its own. */
export function createSlabs(slabBytes: number): Slabs {
  let slabs: Slab[] = [];
  /** That of the slab dropped last: memory that is freed and taken again in turn never goes back to the system. */
  let spare: Buffer | undefined;
  let end = 0;
  let bytes = 0;

  function slabFor(size: number): Slab {
    const last = slabs.at(-1);
    if (last !== undefined && room(last) >= size) return last;
    const slab = { start: end, buffer: takeBuffer(size), used: 0 };
    end += slab.buffer.length;
    slabs.push(slab);
    return slab;
  }

  function takeBuffer(size: number): Buffer {
    if (size > slabBytes) return Buffer.allocUnsafeSlow(size);
    const buffer = spare ?? Buffer.allocUnsafeSlow(slabBytes);
    spare = undefined;
    return buffer;
  }

  /** Binary search: the slab with the greatest start up to `place`. */
  function slabAt(place: number): Slab {
    let low = 0;
    let high = slabs.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((slabs[middle]?.start ?? 0) <= place) low = middle;
      else high = middle;
    }
    const slab = slabs[low];
    if (slab === undefined || place < slab.start) throw new RangeError(`nothing is kept at ${place}`);
    return slab;
  }

  function cost(size: number): number {
    const last = slabs.at(-1);
    return last === undefined || room(last) > size ? size + 1 : size + 1 + room(last);
  }

  return {
    get bytes() {
      return bytes;
    },
    cost,
    append(line, size) {
      bytes += cost(size);
      const slab = slabFor(size + 1);
      const place = slab.start + slab.used;
      slab.buffer.write(line, slab.used, size, 'utf8');
      slab.buffer[slab.used + size] = NEWLINE;
      slab.used += size + 1;
      return place;
    },
    read(place) {
      const { start, buffer } = slabAt(place);
      const from = place - start;
      return buffer.toString('utf8', from, buffer.indexOf(NEWLINE, from));
    },
    *places() {
      for (const { start, buffer, used } of [...slabs]) {
        for (let from = 0; from < used; from = buffer.indexOf(NEWLINE, from) + 1) yield start + from;
      }
    },
    dropOldest() {
      const dropped = slabs.shift();
      if (dropped !== undefined) {
        bytes -= slabs.length === 0 ? dropped.used : dropped.buffer.length;
        if (dropped.buffer.length === slabBytes) spare = dropped.buffer;
      }
      return slabs[0]?.start ?? end;
    },
    clear() {
      slabs = [];
      spare = undefined;
      bytes = 0;
    },
  };
}

function room({ buffer, used }: Slab): number {
  return buffer.length - used;
}
