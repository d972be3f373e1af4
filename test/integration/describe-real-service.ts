import { describe, inject } from 'vitest';
import type { RealServiceName } from './install/install.ts';
import type { RealService } from './install/real-service.ts';

/** Groups the tests against a service under its name and version; without it they are skipped, and the title says why. */
export function describeRealService(
  name: RealServiceName,
  title: string,
  tests: (service: RealService) => void,
): void {
  const service = inject('realServices')[name];
  if (service.missing) {
    describe.skip(`${title}: NOT TO BE HAD: ${service.missing}`, () => tests(service));
  } else {
    describe(`${title} ${service.version}`, () => tests(service));
  }
}
