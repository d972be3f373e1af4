import { describe, inject } from 'vitest';
import type { RealServiceName } from '../install/install.ts';
import type { RealService } from '../install/real-service.ts';

/**
 * Groups the tests of a service under its name and version. Skips them with the reason when it is missing.
 */
export function describeRealService(
  name: RealServiceName,
  title: string,
  tests: (service: RealService) => void,
): void {
  const service = inject('realServices')[name];
  if (service.missing) {
    describe.skip(`${title}: NOT AVAILABLE: ${service.missing}`, () => tests(service));
  } else {
    describe(`${title} ${service.version}`, () => tests(service));
  }
}
