import { UnreadableInput } from '../http/receiver.ts';

/** Reads a repeated field, which is empty when absent. Throws `UnreadableInput` when it is not a list. */
export function readList(message: Record<string, unknown>, field: string): readonly unknown[] {
  const value = message[field] ?? [];
  if (!Array.isArray(value)) throw new UnreadableInput(400, `${field} is not a list`);
  return value;
}
