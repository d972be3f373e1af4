import type { HrTime } from '@opentelemetry/api';
import { ByteWriter } from '../byte-writer.ts';
import { writeNanos } from './write-nanos.ts';

/** Longer text is written by Node, whose call costs more than a short loop. */
const SHORT_TEXT = 32;
const MAX_VARINT_BYTES = 10;
const TWO_TO_32 = 2 ** 32;

/** Wire types, the low three bits of a tag. */
const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;
const FIXED32 = 5;

/**
 * Writes the fields of protobuf messages. Field numbers are below 32.
 * https://protobuf.dev/programming-guides/encoding/
 */
export class ProtobufWriter extends ByteWriter {
  private tag(field: number, wireType: number): void {
    this.varint((field << 3) | wireType);
  }

  /** Writes a safe integer. One below 0 takes ten bytes. */
  private varint(value: number): void {
    this.reserve(MAX_VARINT_BYTES);
    const { bytes } = this;
    let rest = value;
    if (rest < 0) {
      let bits = BigInt.asUintN(64, BigInt(value));
      for (; bits > 0x7fn; bits >>= 7n) bytes[this.length++] = Number(bits & 0x7fn) | 0x80;
      rest = Number(bits);
    }
    for (; rest >= TWO_TO_32; rest = Math.floor(rest / 0x80)) bytes[this.length++] = (rest % 0x80) | 0x80;
    for (; rest > 0x7f; rest >>>= 7) bytes[this.length++] = (rest & 0x7f) | 0x80;
    bytes[this.length++] = rest;
  }

  integer(field: number, value: number): void {
    this.tag(field, VARINT);
    this.varint(value);
  }

  double(field: number, value: number): void {
    this.tag(field, FIXED64);
    this.reserve(8);
    this.length = this.bytes.writeDoubleLE(value, this.length);
  }

  fixed32(field: number, value: number): void {
    this.tag(field, FIXED32);
    this.reserve(4);
    this.length = this.bytes.writeUInt32LE(value, this.length);
  }

  /** Writes a time in nanoseconds. */
  time(field: number, time: HrTime): void {
    this.tag(field, FIXED64);
    this.reserve(8);
    writeNanos(this.bytes, this.length, time);
    this.length += 8;
  }

  /** Writes an id from its hexadecimal digits. */
  hex(field: number, digits: string): void {
    const size = digits.length >> 1;
    this.tag(field, LENGTH);
    this.varint(size);
    this.reserve(size);
    this.length += this.bytes.write(digits, this.length, 'hex');
  }

  text(field: number, text: string): void {
    const start = this.open(field);
    if (text.length > SHORT_TEXT || !this.ascii(text)) this.utf8(text);
    this.close(start);
  }

  /** Writes the text if it is ASCII. */
  private ascii(text: string): boolean {
    this.reserve(text.length);
    const { bytes, length } = this;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code > 0x7f) return false;
      bytes[length + at] = code;
    }
    this.length = length + text.length;
    return true;
  }

  binary(field: number, bytes: Uint8Array): void {
    this.tag(field, LENGTH);
    this.varint(bytes.length);
    this.raw(bytes);
  }

  /** Starts a message within the message. Returns its start, for `close`. */
  open(field: number): number {
    this.tag(field, LENGTH);
    this.reserve(1);
    return ++this.length;
  }

  /** Ends the message that starts at `start`: puts its length in front of it. */
  close(start: number): void {
    const size = this.length - start;
    if (size < 0x80) {
      this.bytes[start - 1] = size;
      return;
    }
    const more = size < 0x4000 ? 1 : size < 0x20_0000 ? 2 : 3;
    this.reserve(more);
    this.bytes.copyWithin(start + more, start, this.length);
    this.length = start - 1;
    this.varint(size);
    this.length += size;
  }
}
