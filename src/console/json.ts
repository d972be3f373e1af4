import { Unreadable } from './http/receiver.ts';

/** JSON.parse has no limit of depth, but whatever walks or serialises its result has one: the stack. */
const MAX_DEPTH = 200;

/** Parses a body; throws `Unreadable` when it is not JSON or nested beyond reason. */
export function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Unreadable(400, `not JSON: ${(error as Error).message}`);
  }
  if (isDeeper(value, MAX_DEPTH)) throw new Unreadable(400, `nested deeper than ${MAX_DEPTH} levels`);
  return value;
}

/** Lists and objects apart: each loop is then one that the engine is fast at, and this runs over every body. */
function isDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (depth === 0) return true;
  if (Array.isArray(value)) {
    for (const part of value) if (isDeeper(part, depth - 1)) return true;
    return false;
  }
  for (const key in value) if (isDeeper((value as Record<string, unknown>)[key], depth - 1)) return true;
  return false;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value if it is an object, else an empty one: for parts of a message that may be left out. */
export function asRecord(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

/** The value if it is an array, else an empty one. */
export function asArray(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value if it is a string, else undefined. */
export function asString(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
