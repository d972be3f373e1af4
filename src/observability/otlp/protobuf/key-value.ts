import type { Attributes } from '@opentelemetry/api';
import { truncate } from '../../../lib/truncate.ts';
import type { ProtobufWriter } from './protobuf-writer.ts';

/** Writes an attribute with a text that is cut already. */
export function writeText(to: ProtobufWriter, field: number, key: string, text: string): void {
  const start = to.open(field);
  to.text(1, key);
  const value = to.open(2);
  to.text(1, text);
  to.close(value);
  to.close(start);
}

/** Writes an attribute, of a span or a resource, as a `KeyValue`. */
export function writeKeyValue(to: ProtobufWriter, field: number, key: string, value: unknown): void {
  const start = to.open(field);
  to.text(1, key);
  writeAnyValue(to, 2, value);
  to.close(start);
}

function writeAnyValue(to: ProtobufWriter, field: number, value: unknown): void {
  const start = to.open(field);
  if (typeof value === 'string') to.text(1, truncate(value));
  else if (typeof value === 'boolean') to.integer(2, Number(value));
  else if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) to.integer(3, value);
    else to.double(4, value);
  } else if (value instanceof Uint8Array) to.binary(7, value);
  else if (Array.isArray(value)) {
    const list = to.open(5);
    for (const each of value) writeAnyValue(to, 1, each);
    to.close(list);
  } else if (typeof value === 'object' && value !== null) {
    const list = to.open(6);
    for (const key of Object.keys(value)) writeKeyValue(to, 1, key, (value as Attributes)[key]);
    to.close(list);
  }
  to.close(start);
}
