import type { Service } from '../app/service.ts';
import type { Receivers } from './receivers.ts';

/**
 * Waits until the service samples by the receivers' rules. Until then it uses the rule of aws/json/xray.json.
 */
export async function rulesArrived(service: Service, receivers: Receivers): Promise<void> {
  await receivers.until(() => receivers.requests('xray').some(({ path }) => path === '/GetSamplingRules'));
  // The service has read the rules, which were sent before, when it answers these.
  await service.ask('/livez');
  await service.ask('/livez');
}
