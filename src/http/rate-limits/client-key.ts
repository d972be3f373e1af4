import type { Request } from 'express';
import { ipKeyGenerator } from 'express-rate-limit';
import { addressIn } from '../../lib/ip-address.ts';

/** The part of an IPv6 address that a provider assigns to one customer, in bits. */
const IPV6_NETWORK_BITS = 64;

/**
 * Returns the key under which the requests of one client are counted: its address, or its network for IPv6.
 * `TRUST_PROXY` decides whether the address is the peer's or a forwarded one. A forwarded text that is no
 * address counts as its peer, so that a key has at most 50 characters.
 */
export function clientKey({ ip, socket }: Pick<Request, 'ip' | 'socket'>): string {
  const address = (ip && addressIn(ip)) ?? socket.remoteAddress;
  // A connection that is already closed has no address.
  return address === undefined ? 'unknown' : ipKeyGenerator(address, IPV6_NETWORK_BITS);
}
