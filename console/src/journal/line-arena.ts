const NEWLINE = 0x0a;

interface Chunk {
  /** The offset of its first byte. */
  readonly start: number;
  readonly buffer: Buffer;
  used: number;
}

/** Stores lines outside of the JavaScript heap. Offsets count all bytes ever appended. */
export interface LineArena {
  /** The size of all chunks, including the unused end of each but the last. */
  readonly bytes: number;
  /** Returns what `append` would add to `bytes`. */
  cost(size: number): number;
  /** Appends a line of `size` bytes without a newline. Returns its offset. */
  append(line: string, size: number): number;
  read(offset: number): string;
  /** Yields the offsets of all lines, oldest first. */
  offsets(): Generator<number>;
  /** Drops the oldest chunk. Returns the first offset that remains. */
  dropOldest(): number;
  clear(): void;
}

/** Creates an arena of buffers of `chunkBytes`. A larger line gets a buffer of its own. */
export function createLineArena(chunkBytes: number): LineArena {
  let chunks: Chunk[] = [];
  /** The buffer of the last dropped chunk, reused because freed memory may not return to the system. */
  let spare: Buffer | undefined;
  let end = 0;
  let bytes = 0;

  function chunkFor(size: number): Chunk {
    const last = chunks.at(-1);
    if (last !== undefined && room(last) >= size) return last;
    const chunk = { start: end, buffer: takeBuffer(size), used: 0 };
    end += chunk.buffer.length;
    chunks.push(chunk);
    return chunk;
  }

  function takeBuffer(size: number): Buffer {
    if (size > chunkBytes) return Buffer.allocUnsafeSlow(size);
    const buffer = spare ?? Buffer.allocUnsafeSlow(chunkBytes);
    spare = undefined;
    return buffer;
  }

  /** Finds the chunk of `offset` by binary search. */
  function chunkAt(offset: number): Chunk {
    let low = 0;
    let high = chunks.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((chunks[middle]?.start ?? 0) <= offset) low = middle;
      else high = middle;
    }
    const chunk = chunks[low];
    if (chunk === undefined || offset < chunk.start) throw new RangeError(`no line at offset ${offset}`);
    return chunk;
  }

  function cost(size: number): number {
    const last = chunks.at(-1);
    return last === undefined || room(last) > size ? size + 1 : size + 1 + room(last);
  }

  return {
    get bytes() {
      return bytes;
    },
    cost,
    append(line, size) {
      bytes += cost(size);
      const chunk = chunkFor(size + 1);
      const offset = chunk.start + chunk.used;
      chunk.buffer.write(line, chunk.used, size, 'utf8');
      chunk.buffer[chunk.used + size] = NEWLINE;
      chunk.used += size + 1;
      return offset;
    },
    read(offset) {
      const { start, buffer } = chunkAt(offset);
      const from = offset - start;
      return buffer.toString('utf8', from, buffer.indexOf(NEWLINE, from));
    },
    *offsets() {
      for (const { start, buffer, used } of [...chunks]) {
        for (let from = 0; from < used; from = buffer.indexOf(NEWLINE, from) + 1) yield start + from;
      }
    },
    dropOldest() {
      const dropped = chunks.shift();
      if (dropped !== undefined) {
        bytes -= chunks.length === 0 ? dropped.used : dropped.buffer.length;
        if (dropped.buffer.length === chunkBytes) spare = dropped.buffer;
      }
      return chunks[0]?.start ?? end;
    },
    clear() {
      chunks = [];
      spare = undefined;
      bytes = 0;
    },
  };
}

function room({ buffer, used }: Chunk): number {
  return buffer.length - used;
}
