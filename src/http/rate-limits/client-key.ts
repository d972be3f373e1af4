import type { Request } from 'express';
import { ipKeyGenerator } from 'express-rate-limit';
import { trustOf } from '../../observability/proxy-trust.ts';
import { clientOf } from '../../observability/request/client.ts';

/** The part of an IPv6 address that a provider assigns to one customer, in bits. */
const IPV6_NETWORK_BITS = 64;

/**
 * Returns the key under which the requests of one client are counted: its address as all four systems record
 * it, or its network for IPv6. A key has at most 50 characters.
 */
export function clientKey(request: Request): string {
  const address = clientOf(request, trustOf(request));
  // A connection that is already closed has no address.
  return address === undefined ? 'unknown' : ipKeyGenerator(address, IPV6_NETWORK_BITS);
}
