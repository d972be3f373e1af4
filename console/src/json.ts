import { UnreadableInput } from './http/receiver.ts';

/** JSON.parse has no limit, but code that walks or serializes its result is limited by the stack. */
const MAX_DEPTH = 200;

/** A value of two characters may take a hundred bytes in memory. */
export const MAX_VALUES = 1_000_000;

const [QUOTE, BACKSLASH, COMMA, BRACKET, BRACE] = Buffer.from('"\\,[{');

/** Parses a body. Throws `UnreadableInput` when it is not JSON, nested too deeply, or has too many values. */
export function parseJson(text: string): unknown {
  if (text.length > MAX_VALUES && countValues(text) > MAX_VALUES) throw tooManyValues();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UnreadableInput(400, `not JSON: ${(error as Error).message}`);
  }
  if (isDeeper(value, MAX_DEPTH)) throw new UnreadableInput(400, `nested deeper than ${MAX_DEPTH} levels`);
  return value;
}

export function tooManyValues(): UnreadableInput {
  return new UnreadableInput(413, `more than ${MAX_VALUES} values`);
}

/** Counts commas and opening brackets outside of strings: at least one per value except the first. */
function countValues(text: string): number {
  let count = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (inString && character === BACKSLASH) at++;
    else if (character === QUOTE) inString = !inString;
    else if (!inString && (character === COMMA || character === BRACKET || character === BRACE)) count++;
  }
  return count;
}

/** Has a loop for arrays and one for objects, because V8 runs each fast and every body is checked. */
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

/** Returns the value if it is an object, else an empty object: for optional parts of a message. */
export function asRecord(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

/** Returns the value if it is an array, else an empty array. */
export function asArray(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Returns the value if it is a string, else undefined. */
export function asString(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Converts a number or a string to a number; anything else is NaN. `Number` throws for some objects. */
export function asNumber(value: unknown): number {
  return typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;
}
