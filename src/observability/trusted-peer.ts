import express from 'express';
import type { Config } from '../config/config.ts';

/** More hops than any deployment has: each costs the parsing of an address. */
const MAX_HOPS = 32;

/** Returns whether the peer of a connection is a proxy that `TRUST_PROXY` names; false without an address. */
type IsTrustedPeer = (address: string | undefined) => boolean;

/**
 * Returns whether a request's sampling flag counts, from the address of its peer and its `X-Forwarded-For`.
 */
export type TrustsFlag = (peer: unknown, forwardedFor: unknown) => boolean;

/** Returns the function that decides whether a peer may forward addresses: Express's own `trust proxy`. */
function createPeerTrust(trustProxy: Config['trustProxy']): IsTrustedPeer {
  const trust: (address: string, hop: number) => boolean = express()
    .set('trust proxy', trustProxy)
    .get('trust proxy fn');
  return (address) => address !== undefined && trust(address, 0);
}

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
  const isTrusted = createPeerTrust(trustProxy);
  return (peer, forwardedFor) => {
    if (typeof peer !== 'string' || typeof forwardedFor !== 'string' || !isTrusted(peer)) return false;
    const chain = forwardedFor.split(',', MAX_HOPS + 1);
    return chain.length <= MAX_HOPS && chain.every((address) => isTrusted(address.trim()));
  };
}
