import { z } from 'zod';

/** A moment in an answer. */
export const Timestamp = z.iso.datetime({ offset: false, precision: 3 }).meta({
  id: 'Timestamp',
  description: 'ISO 8601 with milliseconds, in UTC',
  example: '2026-11-22T08:43:19.000Z',
});

export const Uuid = z.guid().meta({ id: 'Uuid', example: '68f126b0-1ceb-4a33-88be-d90fa7109eee' });

export const Handle = z
  .string()
  .meta({ description: 'The name that others mention', example: 'andrewbrown' });

export const DisplayName = z.string().meta({ example: 'Andrew Brown' });

/** The path of what belongs to a person; nobody has a handle that cannot be stored. */
export const HandleParams = z.object({ handle: Handle.refine(isStorable) });

/** The path of one activity. */
export const UuidParams = z.object({ uuid: Uuid });

/** The length of a text in Unicode code points, as PostgreSQL's `char_length` counts it. */
export function codePoints(text: string): number {
  let count = 0;
  for (const _point of text) count += 1;
  return count;
}

/** Whether PostgreSQL can store the text as it is: it has no U+0000, and UTF-8 has no lone surrogates. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

/** Marks an issue that is answered with 400 instead of a validation code. */
const UNSTORABLE = {
  error: 'The text holds U+0000 or half of a surrogate pair, which cannot be stored.',
  params: { status: 400 },
};

/** A text that is not empty; `code` answers for one that is missing, empty or not a string. */
export function requiredText(code: string) {
  return z.string(code).min(1, code).refine(isStorable, UNSTORABLE);
}

/** What a user writes: taken as it is, up to `max` code points. */
export function messageText(max: number) {
  return z
    .string('message_blank')
    .min(1, 'message_blank')
    .refine((text) => codePoints(text) <= max, 'message_exceed_max_chars')
    .refine(isStorable, UNSTORABLE)
    .meta({ description: `1 to ${max} code points`, override: { maxLength: max } });
}
