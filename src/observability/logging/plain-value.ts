import type { Scrub } from '../../lib/scrub/scrub.ts';
import { MAX_STACK_BYTES, MAX_TEXT_BYTES, truncate } from '../../lib/truncate.ts';
import { cleanStack } from '../clean-stack.ts';
import { redactMember } from './secret-keys.ts';

const MAX_DEPTH = 16;
const MAX_OBJECTS = 1_000;
/** Names of fields that hold a stack, which may be longer than other text. */
const STACK = /(?:^|_)stack$/;

/** Which texts are scrubbed: those of errors, or all. Where they are, members with secret names are, too. */
export interface Scrubbing {
  readonly scrub: Scrub;
  readonly only: 'errors' | 'text';
}

/** The state of one walk through a record's fields. */
interface Walk {
  readonly scrub: Scrub;
  /** Whether the text at this place is scrubbed. */
  scrubs: boolean;
  readonly ancestors: object[];
  objects: number;
}

/** Returns a value as plain data, which JSON.stringify writes without throwing. */
export function toPlainValue(value: unknown, { scrub, only }: Scrubbing): unknown {
  return toPlain(() => value, { scrub, scrubs: only === 'text', ancestors: [], objects: 0 });
}

/** Reads a value, and returns it as plain data. */
function toPlain(read: () => unknown, walk: Walk, maxBytes = MAX_TEXT_BYTES): unknown {
  try {
    const value = read();
    if (typeof value === 'string') return truncate(walk.scrubs ? walk.scrub(value) : value, maxBytes);
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
    return walk.scrub(`[unreadable: ${error instanceof Error ? error.name : typeof error}]`);
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
    const member = toPlain(() => Reflect.get(value, key), walk, maxBytes);
    plain[key] = walk.scrubs ? redactMember(key, member) : member;
  }
  return plain;
}

/** Keeps the members that describe the failure. Drivers add others, which may repeat what a user wrote. */
function errorToPlain(error: Error, walk: Walk): Record<string, unknown> {
  const plain: Record<string, unknown> = {};
  const { scrubs } = walk;
  walk.scrubs = true;
  for (const key of ['name', 'message', 'code', 'cause', 'errors']) {
    if (key in error) plain[key] = toPlain(() => Reflect.get(error, key), walk);
  }
  if ('stack' in error) plain.stack = toPlain(() => stackOf(error, walk.scrub), walk, MAX_STACK_BYTES);
  walk.scrubs = scrubs;
  return plain;
}

function stackOf({ stack, message }: Error, scrub: Scrub): unknown {
  return typeof stack === 'string' ? cleanStack(stack, String(message), scrub) : stack;
}
