/** A field of a message: its name in OTLP's JSON, its type, and whether it is repeated. */
type Field = readonly [name: string, type: Scalar | Message, repeated?: 'repeated'];
type Scalar = 'text' | 'hex' | 'base64' | 'bool' | 'int' | 'double' | 'fixed64' | 'fixed32';
type Message = () => Readonly<Record<number, Field>>;

const WIRE_TYPES = { bool: 0, int: 0, double: 1, fixed64: 1, fixed32: 5 } as const;

const AnyValue: Message = () => ({
  1: ['stringValue', 'text'],
  2: ['boolValue', 'bool'],
  3: ['intValue', 'int'],
  4: ['doubleValue', 'double'],
  5: ['arrayValue', () => ({ 1: ['values', AnyValue, 'repeated'] })],
  6: ['kvlistValue', () => ({ 1: ['values', KeyValue, 'repeated'] })],
  7: ['bytesValue', 'base64'],
});
const KeyValue: Message = () => ({ 1: ['key', 'text'], 2: ['value', AnyValue] });

const Event: Message = () => ({
  1: ['timeUnixNano', 'fixed64'],
  2: ['name', 'text'],
  3: ['attributes', KeyValue, 'repeated'],
  4: ['droppedAttributesCount', 'int'],
});
const Link: Message = () => ({
  1: ['traceId', 'hex'],
  2: ['spanId', 'hex'],
  3: ['traceState', 'text'],
  4: ['attributes', KeyValue, 'repeated'],
  5: ['droppedAttributesCount', 'int'],
  6: ['flags', 'fixed32'],
});
const Span: Message = () => ({
  1: ['traceId', 'hex'],
  2: ['spanId', 'hex'],
  3: ['traceState', 'text'],
  4: ['parentSpanId', 'hex'],
  5: ['name', 'text'],
  6: ['kind', 'int'],
  7: ['startTimeUnixNano', 'fixed64'],
  8: ['endTimeUnixNano', 'fixed64'],
  9: ['attributes', KeyValue, 'repeated'],
  10: ['droppedAttributesCount', 'int'],
  11: ['events', Event, 'repeated'],
  12: ['droppedEventsCount', 'int'],
  13: ['links', Link, 'repeated'],
  14: ['droppedLinksCount', 'int'],
  15: ['status', () => ({ 2: ['message', 'text'], 3: ['code', 'int'] })],
  16: ['flags', 'fixed32'],
});
const ScopeSpans: Message = () => ({
  1: ['scope', () => ({ 1: ['name', 'text'], 2: ['version', 'text'] })],
  2: ['spans', Span, 'repeated'],
  3: ['schemaUrl', 'text'],
});
const ResourceSpans: Message = () => ({
  1: ['resource', () => ({ 1: ['attributes', KeyValue, 'repeated'], 2: ['droppedAttributesCount', 'int'] })],
  2: ['scopeSpans', ScopeSpans, 'repeated'],
  3: ['schemaUrl', 'text'],
});

/** Decodes an ExportTraceServiceRequest to OTLP's JSON form. Throws on unknown fields. */
export function decodeTraces(bytes: Buffer): unknown {
  return decode(bytes, () => ({ 1: ['resourceSpans', ResourceSpans, 'repeated'] }));
}

function decode(bytes: Buffer, message: Message): Record<string, unknown> {
  const fields = message();
  const decoded: Record<string, unknown> = {};
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes.readUInt8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, value);
    }
  };
  const take = (size: number) => {
    if (at + size > bytes.length) throw new Error('a field ends after its message');
    at += size;
    return bytes.subarray(at - size, at);
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const field = fields[tag >> 3];
    if (field === undefined) throw new Error(`unknown field ${tag >> 3}`);
    const [name, type, repeated] = field;
    const wireType = typeof type === 'string' && type in WIRE_TYPES ? WIRE_TYPES[type as 'int'] : 2;
    if ((tag & 7) !== wireType) throw new Error(`${name} has the wire type ${tag & 7}`);
    const raw = wireType === 0 ? varint() : take(wireType === 2 ? Number(varint()) : wireType === 1 ? 8 : 4);
    const value = typeof raw === 'bigint' ? toScalar(raw, type) : toValue(raw, type);
    if (repeated) decoded[name] = [...((decoded[name] as unknown[]) ?? []), value];
    else decoded[name] = value;
  }
  return decoded;
}

function toScalar(raw: bigint, type: Field[1]): unknown {
  return type === 'bool' ? raw !== 0n : Number(raw);
}

function toValue(raw: Buffer, type: Field[1]): unknown {
  if (typeof type === 'function') return decode(raw, type);
  if (type === 'double') return orName(raw.readDoubleLE());
  if (type === 'fixed64') return String(raw.readBigUInt64LE());
  if (type === 'fixed32') return raw.readUInt32LE();
  return type === 'text'
    ? new TextDecoder('utf-8', { fatal: true }).decode(raw)
    : raw.toString(type as 'hex');
}

/** JSON has no other form for these. */
function orName(number: number): number | string {
  return Number.isFinite(number) ? number : String(number);
}
