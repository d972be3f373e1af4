import { describe, expect, it } from 'vitest';
import { createActivityStore } from '../../src/activities/store.ts';
import { DATABASE_KINDS, useDatabase } from '../helpers/databases.ts';

const firstPage = { limit: 20, before: undefined };

describe.each(DATABASE_KINDS)('the activities in %s', (kind) => {
  const db = useDatabase(kind);

  it('shows the demo data, newest first, each with its replies', async () => {
    const { rows, next } = await createActivityStore(db.database).home(firstPage);
    expect(rows.map(({ handle, replies }) => [handle, replies.map((reply) => reply.message)])).toEqual([
      ['garek', []],
      ['londo', []],
      ['andrewbrown', ['This post has no honor!']],
      ['worf', []],
    ]);
    expect(next).toBeUndefined();
  });
});
