import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { useApp } from '../helpers/app/app.ts';

const app = useApp();

beforeAll(async () => {
  for (let count = 0; count < 21; count += 1) {
    await app.post('/api/activities', { message: `Qapla ${count}`, ttl: '1-day' }).expect(200);
  }
});

/** Returns the reference of a `Link` header, which must have exactly the contract's form. */
function referenceOf(link: string | undefined): string {
  expect(link).toMatch(/^<\?[!-;=?-~]+>; rel="next"$/);
  return link?.slice(1, link.indexOf('>')) ?? '';
}

test('Link has the limit and the cursor, also where the request has neither', async () => {
  const { headers } = await app.get('/api/activities/home').expect(200);
  expect(headers.link).toMatch(/^<\?limit=20&before=[\w-]{30}>; rel="next"$/);
});

test('Link has no parameter that the list does not know', async () => {
  const { headers } = await app
    .get('/api/activities/home?utm=x&limit=2&term=a&token=secret&__proto__=b&limit[]=3&%3E=%3C')
    .expect(200);
  expect(headers.link).toMatch(/^<\?limit=2&before=[\w-]{30}>; rel="next"$/);
  const next = await app.get(`/api/activities/home${referenceOf(headers.link)}&a=b`).expect(200);
  expect(next.headers.link).toMatch(/^<\?limit=2&before=[\w-]{30}>; rel="next"$/);
  expect(next.headers.link).not.toBe(headers.link);
});

test('Link is relative: it leads on behind a path prefix', async () => {
  const { headers } = await app.get('/api/activities/search?term=qapla&limit=20').expect(200);
  const url = new URL(
    referenceOf(headers.link),
    'https://front.example/cruddur/api/activities/search?term=x',
  );
  expect(url.pathname).toBe('/cruddur/api/activities/search');
  const { body } = await app.get(`/api/activities/search${url.search}`).expect(200);
  expect(body.map(({ message }: { message: string }) => message)).toEqual(['Qapla 0']);
});

test('Link keeps any term, and is left out if it would exceed 2 kB', async () => {
  const word = fc.oneof(
    fc.constantFrom('🚀', 'é', '<', '>', '"', '&', '=', '+', '%', '%41', '#', ',', ';', '-a'),
    fc.string({ unit: 'grapheme', maxLength: 300 }),
    fc.string({ unit: 'binary-ascii', maxLength: 1000 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(word, { maxLength: 8 }), async (words) => {
      // A search finds either side of `or`; a quotation mark would take it for a word.
      const noise = words.join(' ').replaceAll(/["\0]/g, '').toWellFormed();
      const term = `qapla or qapla or ${noise}`.normalize('NFC');
      const query = new URLSearchParams({ limit: '2', term, unknown: noise });
      const { headers, status } = await app.get(`/api/activities/search?${query}`);
      expect(status).toBe(200);
      if (headers.link === undefined) {
        expect(encodeURIComponent(term).length).toBeGreaterThan(1900);
        return;
      }
      expect(headers.link.length).toBeLessThanOrEqual(2048);
      const { searchParams } = new URL(referenceOf(headers.link), 'http://api.example/');
      expect([...searchParams.keys()]).toEqual(['term', 'limit', 'before']);
      expect(searchParams.get('term')).toBe(term);
    }),
    { numRuns: 60 },
  );
});
