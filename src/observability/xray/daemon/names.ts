import dns, { type LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import type { GuardedLookupOptions } from '../../../lib/names/guarded-lookup.ts';
import { isLocalhost } from '../../../lib/names/localhost.ts';

/** Resolves with the addresses of a name, in the system's order. */
export type LookUp = (name: string) => Promise<readonly string[]>;

/** Looks up a name as the system does. An earlier answer would prove nothing. */
export function lookUpName(name: string): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const options: GuardedLookupOptions = { all: true, mayBeOld: false };
    dns.lookup(name, options, (error, found: LookupAddress[]) => {
      if (error) reject(error);
      else resolve(found.map(({ address }) => address));
    });
  });
}

/**
 * Tells whether a host cannot move: an address, or a name of this machine, where the kernel refuses datagrams
 * that nobody receives.
 */
export function isFixed(host: string): boolean {
  return isIP(host) !== 0 || isLocalhost(host);
}

/** Tells whether a failed look-up proves that the name does not exist at present. */
export function isGone(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOTFOUND';
}
