import type { IncomingMessage } from 'node:http';
import express from 'express';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressIn } from '../../../src/lib/ip-address.ts';
import { proxyTrust } from '../../../src/observability/proxy-trust.ts';
import { clientOf, schemeOf } from '../../../src/observability/request/client.ts';

const TRUSTED = ['10.0.0.1', '10.9.9.9', '127.0.0.1', 'fd00::1'];
const address = fc.oneof(fc.constantFrom(...TRUSTED), fc.ipV4(), fc.ipV6());
/** A socket has its peer's address in the shortest spelling. */
const peerOf = fc.oneof(fc.constantFrom(...TRUSTED), fc.ipV4());
const trustProxy = fc.constantFrom<boolean | number | string[]>(
  false,
  true,
  1,
  3,
  ['loopback', 'uniquelocal'],
  ['10.0.0.0/8'],
);

function received(remoteAddress: string, headers: IncomingMessage['headers']) {
  return { headers, socket: { remoteAddress } } as Parameters<typeof clientOf>[0];
}

/** What Express itself makes of a request. */
function expressIp(setting: boolean | number | string[], request: object): string {
  const app = express().set('trust proxy', setting);
  return String(Reflect.get(express.request, 'ip', { app, ...request }));
}

describe('the client of a request', () => {
  test("is Express's own for entries without ports, and the same with ports", () => {
    fc.assert(
      fc.property(trustProxy, peerOf, fc.array(address, { maxLength: 5 }), (setting, peer, hops) => {
        const trust = proxyTrust(setting);
        const plain = received(peer, { 'x-forwarded-for': hops.join(', ') });
        const expected = addressIn(expressIp(setting, plain));
        expect(clientOf(plain, trust)).toBe(expected);
        const ports = hops.map((hop) => (hop.includes(':') ? `[${hop}]:80` : `${hop}:80`));
        expect(clientOf(received(peer, { 'x-forwarded-for': ports.join(',') }), trust)).toBe(expected);
      }),
    );
  });

  test('is an address or the peer, whatever the header holds', () => {
    fc.assert(
      fc.property(trustProxy, fc.string(), (setting, header) => {
        const client = clientOf(received('127.0.0.1', { 'x-forwarded-for': header }), proxyTrust(setting));
        expect(addressIn(client ?? '')).toBe(client);
      }),
    );
  });

  test('is read from a header of 16 kB in linear time', () => {
    const start = performance.now();
    const header = ','.repeat(8_000) + '10.0.0.1,'.repeat(900);
    expect(clientOf(received('127.0.0.1', { 'x-forwarded-for': header }), () => true)).toBe('10.0.0.1');
    expect(performance.now() - start).toBeLessThan(100);
  });

  test('is undefined after the connection has closed', () => {
    expect(clientOf({ headers: {}, socket: {} } as IncomingMessage, () => true)).toBeUndefined();
  });
});

test.each([
  ['https', true, 'https'],
  [' HTTP ', true, 'http'],
  ['https', false, 'http'],
  ['https, http', true, 'http'],
  ['wss', true, 'http'],
])('X-Forwarded-Proto %j of a peer that is trusted: %s, makes the scheme %s', (header, isTrusted, scheme) => {
  expect(schemeOf(received('10.0.0.1', { 'x-forwarded-proto': header }), () => isTrusted)).toBe(scheme);
});
