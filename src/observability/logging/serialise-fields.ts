import { MAX_TEXT_BYTES, truncate } from '../../lib/truncate.ts';
import { type Scrubbing, toPlainValue } from './plain-value.ts';
import { redactMember } from './secret-keys.ts';

/** Text of at most this many UTF-16 units has at most 2 kB in UTF-8. */
const SURELY_SHORT = Math.floor(MAX_TEXT_BYTES / 3);

/**
 * Returns the members of a JSON object for `fields`, each with a comma in front; '' when there are none. A
 * field named as one of `taken` gets underscores appended. Secrets are taken out as `scrubbing` says. Text is
 * cut to 2 kB, and a stack to 16 kB. Errors, BigInt, cycles, throwing getters and bottomless structures
 * become text. Anything but a plain object, such as an error passed in place of fields, becomes one member
 * named `fields`.
 */
export function serialiseFields(
  fields: Readonly<Record<string, unknown>> | undefined,
  taken: ReadonlySet<string>,
  scrubbing: Scrubbing,
): string {
  if (fields === undefined) return '';
  const isSimple = isFlat(fields, taken);
  const plain = isSimple ? scrubFlat(fields, scrubbing) : toPlainFields(fields, taken, scrubbing);
  const json = JSON.stringify(plain);
  return json === '{}' ? '' : `,${json.slice(1, -1)}`;
}

/** Whether JSON.stringify alone writes `fields` correctly: the usual case, and several times cheaper. */
function isFlat(fields: Readonly<Record<string, unknown>>, taken: ReadonlySet<string>): boolean {
  try {
    if (!isPlainObject(fields)) return false;
    for (const key in fields) {
      if (!isJsonScalar(fields[key]) || taken.has(key)) return false;
    }
    return true;
  } catch {
    return false;
  }
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function isJsonScalar(value: unknown): boolean {
  if (typeof value === 'string') return value.length <= SURELY_SHORT;
  return typeof value === 'boolean' || value === null || value === undefined || Number.isFinite(value);
}

/** Copies the fields only if one of them has a secret. */
function scrubFlat(fields: Readonly<Record<string, unknown>>, { scrub, only }: Scrubbing): object {
  if (only === 'errors') return fields;
  let copy: Record<string, unknown> | undefined;
  for (const key in fields) {
    const value = fields[key];
    const scrubbed = redactMember(key, typeof value === 'string' ? truncate(scrub(value)) : value);
    if (scrubbed === value) continue;
    copy ??= { ...fields };
    copy[key] = scrubbed;
  }
  return copy ?? fields;
}

/** Returns `fields` as plain data, under the names that `serialiseFields` writes. */
export function toPlainFields(
  fields: unknown,
  taken: ReadonlySet<string>,
  scrubbing: Scrubbing,
): Record<string, unknown> {
  if (fields === undefined) return {};
  const whole = toPlainValue(fields, scrubbing);
  if (!isPlainObject(whole) || !isPlainObject(fields)) return { fields: whole };
  const plain: Record<string, unknown> = Object.create(null);
  for (const key of Object.keys(whole)) {
    let name = key;
    while (taken.has(name) || (name !== key && name in whole)) name += '_';
    plain[name] = whole[key];
  }
  return plain;
}
