import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressIn, peerAddress } from '../../src/lib/ip-address.ts';

describe('the address in a text', () => {
  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['192.0.2.1:5678', '192.0.2.1'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['[::FFFF:C000:0201]:1', '192.0.2.1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['::', '::'],
    ['192.0.2.1:', undefined],
    ['192.0.2.256', undefined],
    ['192.0.2.1:80:90', undefined],
    ['[::1', undefined],
    ['[192.0.2.1]x', undefined],
    ['_hidden', undefined],
    ['', undefined],
  ])('of %j is %j', (text, address) => {
    expect(addressIn(text)).toBe(address);
  });

  test('has one spelling, of at most 45 characters, and is the same with a port', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), fc.nat(65_535), (ip, port) => {
        const address = addressIn(ip) ?? '';
        expect(isIP(address)).not.toBe(0);
        expect(address.length).toBeLessThanOrEqual(45);
        expect(addressIn(address)).toBe(address);
        expect(peerAddress(address)).toBe(address);
        expect(addressIn(ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`)).toBe(address);
      }),
    );
  });
});

test.each([
  ['::ffff:127.0.0.1', '127.0.0.1'],
  ['127.0.0.1', '127.0.0.1'],
  ['fe80::1%eth0', 'fe80::1'],
  ['::1', '::1'],
])("a peer's address %s is %s", (address, expected) => {
  expect(peerAddress(address)).toBe(expected);
});
