import type { IncomingMessage } from 'node:http';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { portOf, serverOf } from '../../../src/observability/request/server.ts';

const socket = { localAddress: '::ffff:10.0.0.5', localPort: 4567 };
const serverNamed = (host: string | undefined) => serverOf({ headers: { host }, socket } as IncomingMessage);
const LOCAL = { address: '10.0.0.5', port: 4567, authority: '10.0.0.5:4567' };

test.each([
  ['api.example', { address: 'api.example', port: undefined, authority: 'api.example' }],
  ['API.example.:81', { address: 'api.example', port: 81, authority: 'api.example:81' }],
  ['[::1]:4567', { address: '::1', port: 4567, authority: '[::1]:4567' }],
  ['[::ffff:10.0.0.1]', { address: '10.0.0.1', port: undefined, authority: '10.0.0.1' }],
  ['a:65536', { address: 'a', port: undefined, authority: 'a' }],
  ['a:99999999999999999999999', { address: 'a', port: undefined, authority: 'a' }],
  ['a:0x50', LOCAL],
  ['a b', LOCAL],
  ['user@a', LOCAL],
  [':80', LOCAL],
  ['', LOCAL],
  [undefined, LOCAL],
])('the server that Host %j names is %j', (host, server) => {
  expect(serverNamed(host)).toEqual(server);
  expect(serverNamed(host)).toEqual(server);
});

test('whatever Host holds, the server is bounded, has a port and makes a URL', () => {
  const junk = fc.string({ unit: 'binary-ascii', maxLength: 300 });
  fc.assert(
    fc.property(fc.oneof(junk, fc.domain(), fc.stringMatching(/^[a-z0-9.:[\]-]{0,400}$/)), (host) => {
      const server = serverNamed(host);
      expect(server.address.length).toBeLessThanOrEqual(255);
      expect(portOf(server, 'https')).toBeGreaterThan(0);
      expect(portOf(server, 'http')).toBeLessThanOrEqual(65_535);
      expect(server.authority).not.toMatch(/[\s/@?#"]/);
    }),
  );
});
