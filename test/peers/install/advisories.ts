import { npmAudit } from '../npm-audit.ts';
import type { Peer } from './peer.ts';

/** What npm's registry knows today; nothing is installed, so there is no `path`. */
export async function askAdvisories(): Promise<Peer> {
  await npmAudit();
  return { version: new Date().toISOString().slice(0, 10), path: '' };
}
