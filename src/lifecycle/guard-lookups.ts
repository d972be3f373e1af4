import dns from 'node:dns';
import { createGuardedLookup } from '../lib/names/guarded-lookup.ts';

/**
 * Replaces the look-up of names for the whole process: `net`, `dgram`, and everything built on them, read
 * `dns.lookup` at each call. The names of the database do not wait for those of the four systems.
 */
export function guardLookups(databaseHosts: readonly string[]): void {
  dns.lookup = createGuardedLookup(dns.lookup, { first: databaseHosts });
}
