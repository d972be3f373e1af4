import { MAX_STACK_BYTES, MAX_TEXT_BYTES, truncate, truncateStack } from '../../lib/truncate.ts';

const MAX_DEPTH = 16;
const MAX_OBJECTS = 1_000;
/** Text of at most this many UTF-16 units has at most 2 kB in UTF-8. */
const SURELY_SHORT = Math.floor(MAX_TEXT_BYTES / 3);

/** Names of fields that hold a stack, which may be longer than other text. */
const STACK = /(?:^|_)stack$/;

/** The state of one walk through a record's fields. */
interface Walk {
  readonly ancestors: object[];
  objects: number;
}

/**
 * Returns the members of a JSON object for `fields`, each with a comma in front; '' when there are none. A
 * field named as one of `taken` gets underscores appended. Text is cut to 2 kB, and a stack to 16 kB. Errors,
 * BigInt, cycles, throwing getters and bottomless structures become text. Anything but a plain object, such
 * as an error passed in place of fields, becomes one member named `fields`.
 */
export function serialiseFields(
  fields: Readonly<Record<string, unknown>> | undefined,
  taken: ReadonlySet<string>,
): string {
  if (fields === undefined) return '';
  const json = JSON.stringify(isFlat(fields, taken) ? fields : toPlainFields(fields, taken));
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

/** Returns `fields` as plain data, under the names that `serialiseFields` writes. */
export function toPlainFields(fields: unknown, taken: ReadonlySet<string>): Record<string, unknown> {
  if (fields === undefined) return {};
  const walk: Walk = { ancestors: [], objects: 0 };
  const whole = toPlain(() => fields, walk);
  if (!isPlainObject(whole) || !isPlainObject(fields)) return { fields: whole };
  const plain: Record<string, unknown> = Object.create(null);
  for (const key of Object.keys(whole)) {
    let name = key;
    while (taken.has(name) || (name !== key && name in whole)) name += '_';
    plain[name] = whole[key];
  }
  return plain;
}

/** Returns the value that `read` returns as plain data, which JSON.stringify writes without throwing. */
function toPlain(read: () => unknown, walk: Walk, maxBytes = MAX_TEXT_BYTES): unknown {
  try {
    const value = read();
    if (typeof value === 'string') return truncate(value, maxBytes);
    if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
    if (typeof value === 'bigint') return value.toString();
    if (typeof value !== 'object' || value === null) return value;
    if (walk.ancestors.includes(value)) return '[circular]';
    walk.objects += 1;
    if (walk.ancestors.length > MAX_DEPTH || walk.objects > MAX_OBJECTS) return '[more]';
    walk.ancestors.push(value);
    try {
      return objectToPlain(value, walk);
    } finally {
      walk.ancestors.pop();
    }
  } catch (error) {
    return `[unreadable: ${error instanceof Error ? error.name : typeof error}]`;
  }
}

function objectToPlain(value: object, walk: Walk): unknown {
  if (value instanceof Error) return errorToPlain(value, walk);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if ('toJSON' in value && typeof value.toJSON === 'function') {
    const { toJSON } = value;
    return toPlain(() => toJSON.call(value, ''), walk);
  }
  if (value instanceof Map) return toPlain(() => Object.fromEntries(value), walk);
  if (Array.isArray(value) || value instanceof Set) {
    return Array.from(value, (element) => toPlain(() => element, walk));
  }
  const plain: Record<string, unknown> = Object.create(null);
  for (const key of Object.keys(value)) {
    const maxBytes = STACK.test(key) ? MAX_STACK_BYTES : MAX_TEXT_BYTES;
    plain[key] = toPlain(() => Reflect.get(value, key), walk, maxBytes);
  }
  return plain;
}

/** Keeps the members that describe the failure. Drivers add others, which may repeat what a user wrote. */
function errorToPlain(error: Error, walk: Walk): Record<string, unknown> {
  const plain: Record<string, unknown> = {};
  for (const key of ['name', 'message', 'code', 'cause', 'errors']) {
    if (key in error) plain[key] = toPlain(() => Reflect.get(error, key), walk);
  }
  if ('stack' in error) plain.stack = toPlain(() => stackOf(error), walk, MAX_STACK_BYTES);
  return plain;
}

function stackOf({ stack, message }: Error): unknown {
  return typeof stack === 'string' ? truncateStack(stack, String(message)) : stack;
}
