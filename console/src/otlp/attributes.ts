import { asRecord, asString } from '../json.ts';
import { readList } from './read-list.ts';
import { readInteger } from './scalars.ts';

export type Attributes = Readonly<Record<string, unknown>>;

/** Reads the `attributes` of a message as plain values. Throws `UnreadableInput` when they are not a list. */
export function readAttributes(message: Record<string, unknown>): Attributes {
  return readKeyValues(message, 'attributes');
}

function readKeyValues(message: Record<string, unknown>, field: 'attributes' | 'values'): Attributes {
  const attributes: Record<string, unknown> = {};
  for (const pair of readList(message, field)) {
    const { key, value } = asRecord(pair);
    const name = asString(key) ?? '';
    if (name === '__proto__') define(attributes, name, readValue(value));
    else attributes[name] = readValue(value);
  }
  return attributes;
}

/** Reads an `AnyValue`. Returns null when it is unset or of an unknown type. */
function readValue(value: unknown): unknown {
  const any = asRecord(value);
  // Only own keys: decoded protobuf has the defaults of absent fields on its prototype.
  for (const type of Object.keys(any)) {
    const content = any[type];
    if (content === null || content === undefined) continue;
    switch (type) {
      case 'stringValue':
      case 'boolValue':
        return content;
      case 'intValue':
        return readInteger(content);
      case 'doubleValue':
        // JSON has no NaN and no infinities; OTLP's JSON encoding uses these strings.
        return typeof content === 'number' && !Number.isFinite(content) ? String(content) : content;
      case 'bytesValue':
        return content instanceof Uint8Array ? Buffer.from(content).toString('base64') : content;
      case 'arrayValue':
        return readList(asRecord(content), 'values').map(readValue);
      case 'kvlistValue':
        return readKeyValues(asRecord(content), 'values');
    }
  }
  return null;
}

/** Defines a property, because an assignment to `__proto__` would change the prototype. */
function define(record: object, name: string, value: unknown): void {
  Object.defineProperty(record, name, { value, enumerable: true, configurable: true, writable: true });
}
