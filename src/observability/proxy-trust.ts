import express from 'express';
import type { Config } from '../config/config.ts';
import { addressIn } from '../lib/ip-address.ts';

/**
 * Returns whether `TRUST_PROXY` trusts the address that is `hop` steps away: 0 is the peer. The address may
 * have a port.
 */
export type ProxyTrust = (address: string, hop: number) => boolean;

/** The decision for each setting, so that the span and the app of a request share one. */
const decisions = new Map<string, ProxyTrust>();

/**
 * Returns Express's own decision for its setting `trust proxy`, except that it accepts addresses with ports:
 * Express takes them for no address, and so for no proxy.
 */
export function proxyTrust(trustProxy: Config['trustProxy']): ProxyTrust {
  const key = JSON.stringify(trustProxy);
  const decision = decisions.get(key) ?? create(trustProxy);
  decisions.set(key, decision);
  return decision;
}

function create(trustProxy: Config['trustProxy']): ProxyTrust {
  const trust: ProxyTrust = express().set('trust proxy', trustProxy).get('trust proxy fn');
  // Only a list of networks looks at the address.
  return Array.isArray(trustProxy) ? (address, hop) => trust(addressIn(address) ?? address, hop) : trust;
}

/** Returns the decision that the app of a request uses. */
export function trustOf(request: { readonly app: { get(setting: string): unknown } }): ProxyTrust {
  return request.app.get('trust proxy fn') as ProxyTrust;
}
