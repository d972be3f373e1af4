import type { Request } from 'express';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { copyRequest } from '../../../src/observability/rollbar/request-copy.ts';

function request(originalUrl: string, headers: Record<string, string> = {}): Request {
  const app = { get: () => () => false };
  const socket = { remoteAddress: '127.0.0.1', localAddress: '127.0.0.1', localPort: 4567 };
  return { method: 'GET', app, socket, originalUrl, headers } as object as Request;
}

describe('copyRequest', () => {
  it('accepts any URL and headers, and is bounded', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 20_000, size: 'max' }),
        fc.dictionary(fc.constantFrom('host', 'referer', 'user-agent'), fc.string()),
        (url, headers) => {
          expect(JSON.stringify(copyRequest(request(url, headers))).length).toBeLessThan(60_000);
        },
      ),
    );
  });

  it('shows the values of harmless parameters only', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('token', 'access_token', 'password', 'api_key', 'X-Amz-Signature', 'client_secret'),
        fc.stringMatching(/^[a-z0-9]{12,20}$/),
        (name, secret) => {
          const url = `/api/activities/home?limit=5&${name}=${secret}&term=a%20b`;
          const copy = copyRequest(request(url, { host: 'api.test', referer: `http://web.test${url}` }));
          expect(copy.GET).toEqual({ limit: '5', [name]: '[redacted]', term: 'a b' });
          expect(copy.url).toBe(`http://api.test/api/activities/home?limit=5&${name}=[redacted]&term=a%20b`);
          expect(JSON.stringify(copy)).not.toContain(secret);
        },
      ),
    );
  });

  it('leaves out every header that is not known to be harmless', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^x-[a-z]{3,12}$/), fc.string(), (name, value) => {
        expect(copyRequest(request('/', { [name]: value, 'user-agent': 'curl/8' })).headers).toEqual({
          'user-agent': 'curl/8',
        });
      }),
    );
  });
});
