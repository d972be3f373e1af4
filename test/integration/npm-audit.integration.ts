import { expect, it } from 'vitest';
import { describeRealService } from './support/describe-real-service.ts';
import { npmAudit } from './support/npm-audit.ts';

describeRealService('advisories', "npm's advisories", () => {
  it('name no serious vulnerability in the packages of the images for which there is a fix', async () => {
    const found = await npmAudit();
    expect(
      found.filter(({ severity, fixAvailable }) => fixAvailable && /high|critical/.test(severity)),
    ).toEqual([]);
  });
});
