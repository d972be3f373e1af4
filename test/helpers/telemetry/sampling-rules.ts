import type { Service } from '../app/service.ts';
import type { Receivers } from './receivers.ts';

/** Waits until the service has X-Ray's rules from the receivers; until then a rule of its own decides. */
export async function rulesArrived(service: Service, receivers: Receivers): Promise<void> {
  await receivers.until(() => receivers.requests('xray').some(({ path }) => path === '/GetSamplingRules'));
  // What has been sent before has been read once these are answered.
  await service.ask('/livez');
  await service.ask('/livez');
}
