import { npmAudit } from '../npm-audit.ts';
import type { RealService } from './real-service.ts';

/** What npm's registry knows today; nothing is installed, so there is no `path`. */
export async function askAdvisories(): Promise<RealService> {
  await npmAudit();
  return { version: new Date().toISOString().slice(0, 10), path: '' };
}
