import { describe, inject } from 'vitest';
import type { PeerName } from './install/install.ts';
import type { Peer } from './install/peer.ts';

/** Groups the tests against a peer under its name and version; without it they are skipped, and the title says why. */
export function describePeer(name: PeerName, title: string, tests: (peer: Peer) => void): void {
  const peer = inject('peers')[name];
  if (peer.missing) {
    describe.skip(`${title}: NOT TO BE HAD: ${peer.missing}`, () => tests(peer));
  } else {
    describe(`${title} ${peer.version}`, () => tests(peer));
  }
}
