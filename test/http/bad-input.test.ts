import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Problem } from '../../src/http/problem.ts';
import { useApp } from '../helpers/app/app.ts';

const app = useApp();

const GETS = [
  '/api/activities/home',
  '/api/activities/notifications',
  '/api/activities/search',
  '/api/activities/@worf',
  '/api/messages/@worf',
  '/api/message_groups',
];
const POSTS = [
  '/api/activities',
  '/api/activities/68f126b0-1ceb-4a33-88be-d90fa7109eee/reply',
  '/api/messages',
];
const FIELDS = ['message', 'ttl', 'user_receiver_handle', '__proto__', 'constructor', 'toString'];

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('', '\0', '\ud800', '1-day', 'worf', 'a'.repeat(2000), "' or 1=1 --", '%', '\\', '{}'),
);
const anyValue = fc.oneof(anyText, fc.jsonValue(), fc.constantFrom(null, 0, -0, 1e308, true, [], {}));

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: unknown;
}

/** Expects a 200, a problem, or an array of exactly one validation code. */
function expectAnswer({ status, type, body }: Answer): void {
  expect([200, 400, 404, 405, 415, 422]).toContain(status);
  if (status === 200) return;
  if (status === 422) {
    expect(body).toEqual([expect.stringMatching(/^[a-z_]+$/)]);
  } else {
    expect(type).toBe('application/problem+json');
    expect(Problem.parse(body).status).toBe(status);
  }
  expect(app.reports).toEqual([]);
}

test('any JSON body gets a documented response', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...POSTS),
      fc.oneof(fc.dictionary(fc.constantFrom(...FIELDS), anyValue), fc.jsonValue()),
      async (path, body) => {
        expectAnswer(await app.post(path).set('Content-Type', 'application/json').send(JSON.stringify(body)));
      },
    ),
    { numRuns: 60 },
  );
});

test('any bytes with any content type and encoding get a documented response', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...POSTS),
      fc.uint8Array({ minLength: 1, maxLength: 200 }),
      fc.constantFrom(
        'application/json',
        'application/json; charset=utf-16',
        'application/json;charset="',
        'text/html',
        ';',
      ),
      fc.constantFrom('identity', 'gzip', 'deflate', 'br', 'zstd', 'gzip, br', ''),
      async (path, bytes, type, encoding) => {
        const request = app.post(path).set('Content-Type', type).set('Content-Encoding', encoding);
        expectAnswer(await request.serialize(() => Buffer.from(bytes) as unknown as string).send({}));
      },
    ),
    { numRuns: 60 },
  );
});

test('any query gets a documented response', async () => {
  const pair = fc.tuple(fc.constantFrom('term', 'limit', 'before', '__proto__', 'limit[]'), anyText);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...GETS),
      fc.array(pair, { maxLength: 5 }),
      fc.boolean(),
      async (path, pairs, encode) => {
        const query = pairs.map(
          ([name, value]) => `${name}=${encode ? encodeURIComponent(value.toWellFormed()) : asciiOf(value)}`,
        );
        expectAnswer(await app.get(`${path}?${query.join('&')}`));
      },
    ),
    { numRuns: 60 },
  );
});

test('any path gets a documented response', async () => {
  const segment = fc.oneof(
    fc.constantFrom(
      'api',
      'activities',
      'messages',
      'home',
      '@worf',
      '@',
      '..',
      '.',
      '',
      'reply',
      '%',
      '%00',
      '%zz',
      '%2F',
      ';',
    ),
    anyText.map((text) => encodeURIComponent(text.toWellFormed())),
    anyText.map(asciiOf),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(segment, { maxLength: 5 }), async (segments) => {
      expectAnswer(await app.get(`/api/activities/${segments.join('/')}`.replaceAll('//', '/')));
    }),
    { numRuns: 60 },
  );
});

/** Keeps the characters that a request line may contain unencoded. */
function asciiOf(text: string): string {
  return text.replaceAll(/[^\x21-\x7e]|[?#]/g, '');
}
