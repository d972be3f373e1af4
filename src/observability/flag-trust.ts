import type { Config } from '../config/config.ts';
import { proxyTrust } from './proxy-trust.ts';

/** More hops than any deployment has: each costs the parsing of an address. */
const MAX_HOPS = 32;

/**
 * Returns whether a request's sampling flag counts, from the address of its peer and its `X-Forwarded-For`.
 */
export type TrustsFlag = (peer: unknown, forwardedFor: unknown) => boolean;

/**
 * Returns the function that decides whether a sampling flag counts: with `TRUST_TRACE_SAMPLING` always, else
 * only if `TRUST_PROXY` lists the peer and every address of a chain, the origin included. A proxy passes its
 * callers' flags on unchanged, so a proxy that names no origin decides nothing. `on` and a number of hops
 * list no addresses.
 */
export function createFlagTrust({
  trustProxy,
  trustTraceSampling,
}: Pick<Config, 'trustProxy' | 'trustTraceSampling'>): TrustsFlag {
  if (trustTraceSampling) return () => true;
  if (!Array.isArray(trustProxy)) return () => false;
  const trust = proxyTrust(trustProxy);
  return (peer, forwardedFor) => {
    if (typeof peer !== 'string' || typeof forwardedFor !== 'string' || !trust(peer, 0)) return false;
    const chain = forwardedFor.split(',', MAX_HOPS + 1);
    return chain.length <= MAX_HOPS && chain.every((address) => trust(address.trim(), 0));
  };
}
