import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactHeaders, redactUrl } from '../../src/observability/redact.ts';

const SECRET_NAMES = [
  'authorization',
  'Proxy-Authorization',
  'cookie',
  'Set-Cookie',
  'token',
  'access_token',
  'accessToken',
  'id_token',
  'X-Amz-Security-Token',
  'X-Amz-Credential',
  'X-Amz-Signature',
  'client_secret',
  'password',
  'passwd',
  'pwd',
  'user[password]',
  'api_key',
  'api-key',
  'apikey',
  'x-api-key',
  'AWSAccessKeyId',
  'x-honeycomb-team',
  'x-rollbar-access-token',
  'jwt',
  'session',
  'JSESSIONID',
  'signature',
  'sig',
  'X-Auth',
  'code',
  'key',
  'otp',
  'credit_card',
  'card-number',
  'cvv',
  'X-CSRF',
];

/** Concatenated, so that scanners of repositories do not take it for a real one. */
const JWT = ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiIxIn0', 'c2lnbmF0dXJl'].join('.');

const HARMLESS_NAMES = [
  'limit',
  'before',
  'term',
  'author',
  'status_code',
  'keyboard',
  'monkey',
  'pinned',
  'passenger',
  'design',
  'page',
  'user-agent',
  'traceparent',
  'x-amzn-trace-id',
];

describe('a name', () => {
  const redacted = (name: string) => ({
    header: redactHeaders({ [name]: 'v' })[name],
    parameter: new URLSearchParams(redactUrl(`/?${encodeURIComponent(name)}=v`).slice(2)).get(name),
  });

  it.each(SECRET_NAMES)('is secret: %s', (name) => {
    const both = { header: '[redacted]', parameter: '[redacted]' };
    expect(redacted(name)).toEqual(both);
    expect(redacted(name.toUpperCase())).toEqual(both);
  });

  it.each(HARMLESS_NAMES)('is not secret: %s', (name) => {
    expect(redacted(name)).toEqual({ header: 'v', parameter: 'v' });
  });
});

describe('redactUrl', () => {
  it.each([
    ['/api/activities/home', '/api/activities/home'],
    ['/api/activities/@andrewbrown?limit=2&before=abc', '/api/activities/@andrewbrown?limit=2&before=abc'],
    ['/?token=abc', '/?token=[redacted]'],
    ['/?a=1&token=abc&b=2', '/?a=1&token=[redacted]&b=2'],
    ['/?token=a&token=b', '/?token=[redacted]&token=[redacted]'],
    ['/?token=a=b;c?d#e&f=g', '/?token=[redacted]&f=g'],
    ['/?token', '/?token'],
    ['/?=abc', '/?=abc'],
    ['/?%74oken=abc', '/?%74oken=[redacted]'],
    ['/?to%6Ben=%zz%', '/?to%6Ben=[redacted]'],
    ['/?a=%E0%A4%A&b=%', '/?a=%E0%A4%A&b=%'],
    ['/?next=/login?token=abc', '/?next=[redacted]'],
    ['/?a=1;token=abc', '/?a=[redacted]'],
    ['/?next=https%3A%2F%2Fexample.com%3Faccess_token%3Dabc', '/?next=[redacted]'],
    ['/?next=https%3A%2F%2Fa%3Fto%3Dhttps%253A%252F%252Fb%253Fjwt%253Dabc', '/?next=[redacted]'],
    ['/?data=aGVsbG8==', '/?data=aGVsbG8=='],
    ['https://example.com/#access_token=abc&state=1', 'https://example.com/#access_token=[redacted]&state=1'],
    ['http://worf:honor@example.com/a', 'http://[redacted]@example.com/a'],
    [
      'postgres://worf:ho@nor@example.com/a?sslmode=require',
      'postgres://[redacted]@example.com/a?sslmode=require',
    ],
    ['http://example.com/@worf', 'http://example.com/@worf'],
    ['//worf:honor@example.com/a', '//[redacted]@example.com/a'],
    ['/?acc%2565ss_%2574oken=abc', '/?acc%2565ss_%2574oken=[redacted]'],
    ['/?token[]=a&token%255B%255D=b', '/?token[]=[redacted]&token%255B%255D=[redacted]'],
    [`/reset/${JWT}?page=2`, '/reset/[redacted]?page=2'],
    [`/?q=${JWT}`, '/?q=[redacted]'],
    ['/?q=Bearer%20abc123def', '/?q=Bearer%20[redacted]'],
    ['/a;jsessionid=abc?page=2', '/a;jsessionid=[redacted]'],
    ['/a%3Ftoken%3Dabc', '/a%3Ftoken%3D[redacted]'],
    ['/?u=postgres://worf:honor@example.com/a', '/?u=postgres://[redacted]@example.com/a'],
    ['/?u=https%3A%2F%2Fworf%3Ahonor%40example.com%2Fa', '/?u=https%3A%2F%2F[redacted]%40example.com%2Fa'],
    ['/?q={"password":"abc"}&page=2', '/?q={"password":"[redacted]"}&page=2'],
    ['/?q=%7B%22password%22%3A%22abc%22%7D&page=2', '/?q=%7B%22password%22%3A[redacted]&page=2'],
    ['', ''],
    ['?', '?'],
  ])('turns %s into %s', (url, redacted) => {
    expect(redactUrl(url)).toBe(redacted);
  });

  const anyCase = (name: string) =>
    fc
      .array(fc.constantFrom('upper', 'lower', 'percent'), { minLength: name.length, maxLength: name.length })
      .map((styles) =>
        [...name]
          .map((char, i) => {
            if (styles[i] === 'percent') return `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
            return styles[i] === 'upper' ? char.toUpperCase() : char;
          })
          .join(''),
      );
  const secretName = fc.constantFrom(...SECRET_NAMES).chain(anyCase);
  const noise = fc.string({ unit: 'binary', maxLength: 20 }).map((text) => text.replaceAll('&', ''));

  it('redacts the value of a secret parameter in any surroundings', () => {
    fc.assert(
      fc.property(noise, secretName, noise, noise, noise, (before, name, left, right, after) => {
        const url = `/a?${before}&${name}=${left}S3CR3T${right}&${after}`;
        expect(redactUrl(url)).not.toContain('S3CR3T');
      }),
    );
  });

  it('changes nothing but values of secret parameters', () => {
    const parameter = fc.tuple(fc.constantFrom(...HARMLESS_NAMES), fc.webQueryParameters());
    // `//user:password@host` and `user:password@tcp(host)` are redacted wherever they are.
    const plainPath = fc.webPath().filter((path) => !path.includes('//'));
    fc.assert(
      fc.property(plainPath, fc.array(parameter), (path, parameters) => {
        const query = parameters.map(
          ([name, value]) => `${name}=${value.replaceAll(/[=&(]|\/{2,}|%3d|%26/gi, '')}`,
        );
        const url = `${path}?${query.join('&')}`;
        expect(redactUrl(url)).toBe(url);
      }),
    );
  });

  it('accepts any text, and changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const once = redactUrl(text);
        expect(redactUrl(once)).toBe(once);
      }),
    );
  });

  it.each([0, 1, 2, 3].map((n) => 4_090 + n))('shows no half of a token after %i characters', (length) => {
    const url = `/${'a/'.repeat(3_000).slice(0, length - JWT.length)}/${JWT}${'/b'.repeat(3_000)}`;
    expect(redactUrl(url)).not.toContain('eyJ');
    expect(redactUrl(url)).toMatch(/^\/(?:a\/){1000}/);
  });

  it('scrubs a long URL in the time of a short one', () => {
    const hostile = (n: number) => `/?${n}${'//a:'.repeat(4_000)}`;
    const times = Array.from({ length: 20 }, (_, n) => {
      const start = performance.now();
      redactUrl(hostile(n));
      return performance.now() - start;
    });
    expect(Math.min(...times)).toBeLessThan(3);
  });

  it.each([
    ['parameters', '&token=abc'],
    ['nested parameters', '?a='],
    ['equals signs', '='],
    ['percent signs', '%'],
    ['question marks', '?'],
    ['at signs', '@'],
    ['semicolons', ';a=%3b'],
  ])('handles a million characters of %s quickly', (_, piece) => {
    const url = `http://a/?a=${piece.repeat(1_000_000 / piece.length)}`;
    const start = performance.now();
    redactUrl(url);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

describe('redactHeaders', () => {
  it('redacts secret headers and the URLs in others, and copies the rest', () => {
    const headers = {
      host: 'localhost:4567',
      authorization: 'Bearer abc',
      Cookie: 'a=b',
      'set-cookie': ['a=b', 'c=d'],
      'x-honeycomb-team': 'abc',
      referer: 'https://example.com/reset?token=abc',
      'x-forwarded-for': ['10.0.0.1', '10.0.0.2'],
      'content-length': 12,
      via: undefined,
    };
    expect(redactHeaders(headers)).toEqual({
      host: 'localhost:4567',
      authorization: '[redacted]',
      Cookie: '[redacted]',
      'set-cookie': '[redacted]',
      'x-honeycomb-team': '[redacted]',
      referer: 'https://example.com/reset?token=[redacted]',
      'x-forwarded-for': ['10.0.0.1', '10.0.0.2'],
      'content-length': '12',
    });
    expect(headers.authorization).toBe('Bearer abc');
    expect(redactHeaders({ host: 'worf:honor@api.example:80' })).toEqual({
      host: '[redacted]@api.example:80',
    });
  });
});
