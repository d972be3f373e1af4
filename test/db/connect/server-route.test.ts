import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readDatabaseUrl } from '../../../src/config/database-url/database-address.ts';
import { createServerRoute, type ServerRoute } from '../../../src/db/connect/server-route.ts';

const NO_TLS = new Error('The server does not support SSL connections');
const REFUSED = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

const route = (url: string) => createServerRoute(readDatabaseUrl(url));
const at = (servers: ServerRoute) => {
  const { host, ssl } = servers.current();
  return `${host} ${ssl ? 'TLS' : 'plain'}`;
};
const fail = (servers: ServerRoute, error: unknown) => servers.leave(servers.current(), error);

describe('the route to the servers', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('stays with a server that works, and goes to the next when it fails', () => {
    const servers = route('postgres://u@a,b/d?sslmode=disable');
    expect(at(servers)).toBe('a plain');
    fail(servers, REFUSED);
    expect(at(servers)).toBe('b plain');
    fail(servers, REFUSED);
    expect(at(servers)).toBe('a plain');
  });

  it('goes on once when several connections to a server fail', () => {
    const servers = route('postgres://u@a,b,c/d?sslmode=disable');
    const first = servers.current();
    for (let failed = 0; failed < 3; failed += 1) servers.leave(first, REFUSED);
    expect(at(servers)).toBe('b plain');
  });

  it('remembers for a minute that a server has no TLS', () => {
    const servers = route('postgres://u@a,b/d');
    expect(at(servers)).toBe('a TLS');
    fail(servers, NO_TLS);
    expect(at(servers)).toBe('a plain');
    fail(servers, REFUSED);
    expect(at(servers)).toBe('b TLS');
    fail(servers, REFUSED);
    expect(at(servers)).toBe('a plain');
    vi.advanceTimersByTime(60_001);
    expect(at(servers)).toBe('a TLS');
  });

  it.each([
    ['prefer', REFUSED],
    ['prefer', new Error('timeout expired')],
    ['prefer', Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })],
    ['require', NO_TLS],
    ['verify-full', NO_TLS],
  ])('does not give up encryption with sslmode=%s after %s', (mode, error) => {
    const servers = route(`postgres://u@a/d?sslmode=${mode}`);
    fail(servers, error);
    expect(at(servers)).toBe('a TLS');
  });

  it('does not encrypt a Unix socket', () => {
    expect(at(route('postgres://u@/d?host=/tmp&sslmode=require'))).toBe('/tmp plain');
  });
});
