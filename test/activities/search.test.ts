import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createActivityStore } from '../../src/activities/store.ts';
import { DATABASE_KINDS, useDatabase } from '../helpers/database/databases.ts';
import { clearActivities, insertActivity } from '../helpers/database/rows.ts';

const firstPage = { limit: 20, before: undefined };

describe.each(DATABASE_KINDS)('searching activities in %s', (kind) => {
  const db = useDatabase(kind);

  beforeAll(async () => {
    await clearActivities(db.database);
    const texts = [
      'Prune juice: the drink of a warrior',
      'No juice of prunes for me',
      'Über die Wolken',
      'Thank you @worf! #cloud',
      'Gespräch über C++ und Node.js',
      'Garek’s cafe\u0301, de\u0301compose\u0301',
      'Bayko’s caf\u00e9, compos\u00e9',
    ];
    for (const message of texts) await insertActivity(db.database, { message });
    await insertActivity(db.database, {
      message: 'juice gone by',
      createdAt: `now() - interval '2 s'`,
      expiresAt: `now() - interval '1 s'`,
    });
    const parent = await insertActivity(db.database, { message: 'a thread' });
    await insertActivity(db.database, { message: 'juice in a reply', replyTo: parent });
  });

  const search = async (term: string) => {
    const { rows } = await createActivityStore(db.database).search(term, firstPage);
    return rows.map(({ message }) => message.split(' ')[0]).toSorted();
  };

  it.each([
    ['a word, newest first', 'juice', ['No', 'Prune']],
    ['a word in any case', 'JUICE', ['No', 'Prune']],
    ['a non-ASCII word in any case', 'üBER', ['Gespräch', 'Über']],
    ['all of several words, in any order', 'juice prune', ['No', 'Prune']],
    ['a prefix, as the last word', 'pru', ['No', 'Prune']],
    ['no prefix before the last word', 'pru juice', []],
    ['no prefix before a space', 'pru ', []],
    ['a phrase in quotes', '"prune juice"', ['Prune']],
    ['no activity with a word after a minus', 'juice -warrior', ['No']],
    ['either word with or', 'wolken or warrior', ['Prune', 'Über']],
    ['a mention', '@worf', ['Thank']],
    ['a hash tag', '#cloud', ['Thank']],
    ['a part of a longer name', 'node.js', ['Gespräch']],
    ['a composed word in any text', 'caf\u00e9', ['Bayko’s', 'Garek’s']],
    ['a decomposed word in any text', 'CAFE\u0301', ['Bayko’s', 'Garek’s']],
    ['a decomposed prefix', 'de\u0301comp', ['Garek’s']],
    ['a word in quotes, however composed', '"cafe\u0301" -compose\u0301', ['Garek’s']],
    ['nothing for a term without a word', '?! :-)', []],
  ])('finds %s', async (_what, term, found) => {
    expect(await search(term)).toEqual(found);
  });

  it('has pages', async () => {
    const store = createActivityStore(db.database);
    const first = await store.search('juice', { limit: 1, before: undefined });
    const second = await store.search('juice', { limit: 1, before: first.next });
    expect(second.next).toBeUndefined();
    expect([...first.rows, ...second.rows]).toHaveLength(2);
  });

  it('accepts any term', async () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 100 }),
      fc.stringMatching(/^["'\\:*&|!<>()\- orab@]{0,60}$/),
      fc.integer({ min: 1, max: 20_000 }).map((length) => 'x'.repeat(length)),
      fc.integer({ min: 1, max: 2000 }).map((length) => '-"a '.repeat(length)),
    );
    const terms = hostile.filter((term) => !term.includes('\0'));
    await fc.assert(
      fc.asyncProperty(terms, (term) => search(term).then(() => true)),
      { numRuns: 100 },
    );
  });
});
