import { z } from 'zod';
import { isStorable } from './text.ts';

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
