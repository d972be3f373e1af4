/** A string in UTF-8, or bytes, from `start` to `end` of its page. */
export interface ArenaString {
  readonly page: Page;
  readonly start: number;
  readonly end: number;
}

interface Page {
  readonly bytes: Buffer;
  /** The number of its strings that are not yet released. */
  held: number;
  used: number;
}

/** Stores strings one after the other in pages. A page is reused once all its strings are released. */
export interface StringArena {
  /** Copies the text, as UTF-8, or the bytes. */
  write(text: string | Uint8Array): ArenaString;
  /** Frees a string. Must be called once per string. */
  release(text: ArenaString): void;
}

const PAGE_BYTES = 65_536;
/** More pages than these, as an outage makes them, are left to the garbage collector. */
const MAX_FREE_PAGES = 64;
const MAX_BYTES_PER_UNIT = 3;

/**
 * Creates the arena. A `Buffer` per string would live just long enough to be moved to the old generation,
 * where only a full collection frees it: tens of megabytes accumulated before one.
 */
export function createStringArena(): StringArena {
  const free: Page[] = [];
  let current = takePage(0);

  function takePage(room: number): Page {
    const reused = room <= PAGE_BYTES ? free.pop() : undefined;
    return reused ?? { bytes: Buffer.allocUnsafeSlow(Math.max(room, PAGE_BYTES)), held: 0, used: 0 };
  }

  return {
    write(text) {
      const isText = typeof text === 'string';
      const room = isText ? text.length * MAX_BYTES_PER_UNIT : text.length;
      if (current.used + room > current.bytes.length) current = takePage(room);
      const page = current;
      const start = page.used;
      if (isText) page.used += page.bytes.write(text, start);
      else {
        page.bytes.set(text, start);
        page.used += text.length;
      }
      page.held += 1;
      return { page, start, end: page.used };
    },

    release({ page, start, end }) {
      page.held -= 1;
      // A string that a full queue drops immediately leaves no gap.
      if (page.used === end) page.used = start;
      if (page.held > 0) return;
      page.used = 0;
      if (page !== current && page.bytes.length === PAGE_BYTES && free.length < MAX_FREE_PAGES)
        free.push(page);
    },
  };
}

/** Returns the bytes of a string. They are valid until it is released. */
export function bytesOf({ page, start, end }: ArenaString): Buffer {
  return page.bytes.subarray(start, end);
}
