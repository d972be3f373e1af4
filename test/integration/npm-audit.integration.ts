import { expect, it } from 'vitest';
import { describeRealService } from './describe-real-service.ts';
import { npmAudit } from './npm-audit.ts';

describeRealService('advisories', "npm's advisories", () => {
  it('have nothing of weight against what the images hold that a newer version mends', async () => {
    const found = await npmAudit();
    expect(
      found.filter(({ severity, fixAvailable }) => fixAvailable && /high|critical/.test(severity)),
    ).toEqual([]);
  });
});
