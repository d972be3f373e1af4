import { z } from 'zod';

export type Attributes = Readonly<Record<string, unknown>>;

type AnyValue = z.infer<typeof AnyValue>;

/** A value of OTLP's JSON encoding. Unknown fields are errors: the service would have misspelt one. */
const AnyValue = z.strictObject({
  stringValue: z.string().optional(),
  boolValue: z.boolean().optional(),
  intValue: z.union([z.int(), z.string().regex(/^-?\d+$/)]).optional(),
  doubleValue: z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])]).optional(),
  bytesValue: z.base64().optional(),
  get arrayValue() {
    return z.strictObject({ values: z.array(AnyValue).optional() }).optional();
  },
  get kvlistValue() {
    return z.strictObject({ values: KeyValues.optional() }).optional();
  },
});

export const KeyValues = z.array(z.strictObject({ key: z.string(), value: AnyValue }));

/** Returns the attributes as a record of plain values. */
export function toAttributes(pairs: z.infer<typeof KeyValues> = []): Attributes {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, toPlain(value)]));
}

/** Returns null for a value that is not set. */
function toPlain({ intValue, arrayValue, kvlistValue, ...scalar }: AnyValue): unknown {
  if (intValue !== undefined) return Number(intValue);
  if (arrayValue !== undefined) return (arrayValue.values ?? []).map(toPlain);
  if (kvlistValue !== undefined) return toAttributes(kvlistValue.values);
  return scalar.stringValue ?? scalar.boolValue ?? scalar.doubleValue ?? scalar.bytesValue ?? null;
}
