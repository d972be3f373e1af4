const FIRST_BYTES = 16_384;
const MAX_BYTES_PER_UNIT = 3;

/** Writes into a buffer that grows to the largest content and is reused: set `length` to 0. */
export class ByteWriter {
  bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  length = 0;

  /** What has been written. Valid until something else is. */
  written(): Buffer {
    return this.bytes.subarray(0, this.length);
  }

  /** Ensures room for `size` more bytes. */
  protected reserve(size: number): void {
    const needed = this.length + size;
    if (needed <= this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.bytes.length * 2));
    larger.set(this.written());
    this.bytes = larger;
  }

  /** Appends the first `size` bytes. */
  raw(bytes: Uint8Array, size = bytes.length): void {
    this.reserve(size);
    this.bytes.set(bytes.length === size ? bytes : bytes.subarray(0, size), this.length);
    this.length += size;
  }

  /** Appends a text in UTF-8. */
  utf8(text: string): void {
    this.reserve(text.length * MAX_BYTES_PER_UNIT);
    this.length += this.bytes.write(text, this.length);
  }
}
