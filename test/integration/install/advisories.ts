import { npmAudit } from '../support/npm-audit.ts';
import type { RealService } from './real-service.ts';

/** Checks that npm's registry answers audits. Nothing is installed, so `path` is empty. */
export async function askAdvisories(): Promise<RealService> {
  await npmAudit();
  return { version: new Date().toISOString().slice(0, 10), path: '' };
}
