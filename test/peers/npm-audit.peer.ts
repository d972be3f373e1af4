import { expect, it } from 'vitest';
import { describePeer } from './describe-peer.ts';
import { npmAudit } from './npm-audit.ts';

describePeer('advisories', "npm's advisories", () => {
  it('have nothing of weight against what the images hold that a newer version mends', async () => {
    const found = await npmAudit();
    expect(
      found.filter(({ severity, fixAvailable }) => fixAvailable && /high|critical/.test(severity)),
    ).toEqual([]);
  });
});
