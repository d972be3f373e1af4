import { z } from 'zod';

/** A time in a response. */
export const Timestamp = z.iso.datetime({ offset: false, precision: 3 }).meta({
  id: 'Timestamp',
  description: 'ISO 8601 with milliseconds, in UTC',
  example: '2026-11-22T08:43:19.000Z',
});

export const Uuid = z.guid().meta({ id: 'Uuid', example: '68f126b0-1ceb-4a33-88be-d90fa7109eee' });

export const Handle = z
  .string()
  .meta({ description: 'Unique user name, used in mentions', example: 'andrewbrown' });

export const DisplayName = z.string().meta({ example: 'Andrew Brown' });

/**
 * The handles that a user can have. They are ASCII because case folding is not the same everywhere beyond it:
 * some collations lower U+212A to `k`.
 */
const HANDLE = /^[A-Za-z0-9_]{1,30}$/;

/** Returns whether a user can have the handle. */
export function isHandle(text: string): boolean {
  return HANDLE.test(text);
}

/** Returns a handle as it is stored: in lower case. */
export function storedHandle(handle: string): string {
  return handle.toLowerCase();
}

/** Path parameters of a user's resources. */
export const HandleParams = z.object({ handle: Handle.regex(HANDLE) });

/** Path parameters of one activity. */
export const UuidParams = z.object({ uuid: Uuid });

/** Counts the Unicode code points of a text, as PostgreSQL's `char_length` does. */
export function codePoints(text: string): number {
  let count = 0;
  for (const _point of text) count += 1;
  return count;
}

/** Returns whether PostgreSQL can store the text unchanged. It cannot store U+0000 or lone surrogates. */
function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

/** Makes the response a 400 instead of a validation code; see `validation.ts`. */
const UNSTORABLE = {
  error: 'The text contains U+0000 or a lone surrogate, which cannot be stored.',
  params: { status: 400 },
};

/** Builds a schema for a non-empty string; a missing, empty or non-string value fails with `code`. */
export function requiredText(code: string) {
  return z.string(code).min(1, code).refine(isStorable, UNSTORABLE);
}

/** Builds a schema for a message of 1 to `max` code points; the text is not trimmed or changed. */
export function messageText(max: number) {
  return z
    .string('message_blank')
    .min(1, 'message_blank')
    .refine((text) => codePoints(text) <= max, 'message_exceed_max_chars')
    .refine(isStorable, UNSTORABLE)
    .meta({ description: `1 to ${max} code points`, override: { maxLength: max } });
}
