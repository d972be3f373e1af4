import express from 'express';
import type { Config } from '../config/config.ts';

/** Whether the peer of a connection is one of the proxies that `TRUST_PROXY` names; never without an address. */
export type IsTrustedPeer = (address: string | undefined) => boolean;

/** The one judge of whom to believe a decision about sampling: what Express compiles `trust proxy` to. */
export function createPeerTrust(trustProxy: Config['trustProxy']): IsTrustedPeer {
  const trust: (address: string, hop: number) => boolean = express()
    .set('trust proxy', trustProxy)
    .get('trust proxy fn');
  return (address) => address !== undefined && trust(address, 0);
}
