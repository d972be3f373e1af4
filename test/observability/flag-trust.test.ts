import { describe, expect, it } from 'vitest';
import taskDefinition from '../../aws/json/task-definition.json' with { type: 'json' };
import { readConfig } from '../../src/config/config.ts';
import { createFlagTrust } from '../../src/observability/flag-trust.ts';

/** Returns whether a flag counts, for the settings of the environment. */
function trusts(environment: Record<string, string>, peer: unknown, forwardedFor?: unknown): boolean {
  const config = readConfig({ DATABASE_URL: 'postgres://127.0.0.1:1/none', ...environment });
  return createFlagTrust(config)(peer, forwardedFor);
}

const LIST = { TRUST_PROXY: 'loopback,10.0.0.0/8,2001:db8::/32' };

describe('a sampling flag', () => {
  it.each([
    ['127.0.0.1', '10.1.2.3'],
    ['::1', '10.1.2.3'],
    ['::ffff:10.0.0.1', '10.1.2.3, ::ffff:10.9.9.9'],
    ['10.0.0.1', '10.1.2.3,10.1.2.4 ,\t127.0.0.1'],
    ['2001:db8::1', '2001:db8:0:1::2'],
    ['2001:db8::1%eth0', '2001:db8:0:1::2'],
    // As some balancers write them.
    ['10.0.0.1', '10.1.2.3:4711, [2001:db8::2]:4711'],
  ])('counts where the list holds every address: %s, %s', (peer, forwardedFor) => {
    expect(trusts(LIST, peer, forwardedFor)).toBe(true);
  });

  it.each([
    ['203.0.113.9', '10.1.2.3'],
    ['10.0.0.1', '203.0.113.9'],
    ['10.0.0.1', '203.0.113.9, 10.1.2.3'],
    ['10.0.0.1', '10.1.2.3, 203.0.113.9'],
    ['10.0.0.1', '10.1.2.3, 203.0.113.9, 10.1.2.4'],
    ['10.0.0.1', '2001:db9::1'],
    ['10.0.0.1', ''],
    ['10.0.0.1', undefined],
    ['10.0.0.1', ['10.1.2.3']],
    ['10.0.0.1', '10.1.2.3,'],
    ['10.0.0.1', ',10.1.2.3'],
    ['10.0.0.1', 'unknown, 10.1.2.3'],
    ['10.0.0.1', '203.0.113.9:4711'],
    ['10.0.0.1', '[2001:db9::1]:4711'],
    ['10.0.0.1', '10.1.2.3:4711x'],
    ['10.0.0.1', '"10.1.2.3"'],
    ['10.0.0.1', '10.1.2'],
    ['10.0.0.1', 'localhost'],
    ['10.0.0.1', Array.from({ length: 33 }, () => '10.1.2.3').join()],
    [undefined, '10.1.2.3'],
    ['', '10.1.2.3'],
  ])('counts nowhere else: %s, %s', (peer, forwardedFor) => {
    expect(trusts(LIST, peer, forwardedFor)).toBe(false);
  });

  it.each([
    ['10.0.0.1', '10.0.0.5', true],
    ['fd00::2', 'fd00::9', true],
    ['10.0.0.1', '203.0.113.9', false],
    ['fd00::2', '2001:db8::1', false],
    ['10.0.0.1', '10.0.0.5, 203.0.113.9', false],
  ])('counts on AWS only from within the network: %s, %s: %s', (peer, forwardedFor, expected) => {
    const [container] = taskDefinition.containerDefinitions;
    const TRUST_PROXY = container?.environment.find(({ name }) => name === 'TRUST_PROXY')?.value ?? '';
    expect(trusts({ TRUST_PROXY }, peer, forwardedFor)).toBe(expected);
  });

  it.each(['on', '1', '2', 'off'])(
    'does not count with TRUST_PROXY=%s, which lists no address',
    (setting) => {
      expect(trusts({ TRUST_PROXY: setting }, '127.0.0.1', '127.0.0.1')).toBe(false);
    },
  );

  it.each(['off', 'on', '10.0.0.0/8'])('counts with TRUST_TRACE_SAMPLING and TRUST_PROXY=%s', (setting) => {
    const environment = { TRUST_PROXY: setting, TRUST_TRACE_SAMPLING: 'true' };
    expect(trusts(environment, '203.0.113.9')).toBe(true);
  });
});
