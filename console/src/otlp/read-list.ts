import { UnreadableInput } from '../http/receiver.ts';

/** A repeated field of a message, empty when it was not sent; throws `Unreadable` when it is no list. */
export function readList(message: Record<string, unknown>, field: string): readonly unknown[] {
  const value = message[field] ?? [];
  if (!Array.isArray(value)) throw new UnreadableInput(400, `${field} is not a list`);
  return value;
}
