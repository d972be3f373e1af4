import express from 'express';
import type { Config } from '../config/config.ts';

/** Returns whether the peer of a connection is a proxy that `TRUST_PROXY` names; false without an address. */
export type IsTrustedPeer = (address: string | undefined) => boolean;

/**
 * Returns the function that decides whether a peer's sampling flag is trusted: Express's own `trust proxy`.
 */
export function createPeerTrust(trustProxy: Config['trustProxy']): IsTrustedPeer {
  const trust: (address: string, hop: number) => boolean = express()
    .set('trust proxy', trustProxy)
    .get('trust proxy fn');
  return (address) => address !== undefined && trust(address, 0);
}
