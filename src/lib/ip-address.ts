import { isIP, SocketAddress } from 'node:net';

const MAPPED_PREFIX = '::ffff:';

/** Captures the address in `[2001:db8::1]:443`, `[2001:db8::1]` and `192.0.2.1:5678`. */
const WITH_PORT = /^(?:\[([^\]]+)\](?::\d+)?|([\d.]+):\d+)$/;

/**
 * Returns the address of a connection's peer in one spelling: an IPv4 address inside IPv6, as a socket for
 * both families has it, becomes IPv4, and an IPv6 address has no zone.
 */
export function peerAddress(address: string): string {
  if (!address.includes(':')) return address;
  if (address.startsWith(MAPPED_PREFIX) && address.includes('.')) return address.slice(MAPPED_PREFIX.length);
  return address.includes('%') ? address.slice(0, address.indexOf('%')) : address;
}

/**
 * Returns the IP address in a text in one spelling, as `peerAddress`; undefined if there is none. The text
 * may have a port, as some proxies add to the entries of `X-Forwarded-For`, or brackets.
 */
export function addressIn(text: string): string | undefined {
  const [, v6, v4] = WITH_PORT.exec(text) ?? [];
  const address = v6 ?? v4 ?? text;
  const family = isIP(address);
  if (family === 4) return address;
  if (family === 0) return undefined;
  const [plain = ''] = address.split('%', 1);
  return peerAddress(new SocketAddress({ address: plain, family: 'ipv6' }).address);
}
