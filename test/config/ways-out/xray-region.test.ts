import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readConfigWithoutDatabase } from '../../../src/config/config.ts';

const regionOf = (url: string) => readConfigWithoutDatabase({ AWS_XRAY_OTLP_ENDPOINT: url }).xrayOtlp?.region;

describe('spans for X-Ray are signed for the region of', () => {
  it.each([
    ['https://xray.us-east-2.amazonaws.com/v1/traces', 'us-east-2'],
    ['https://XRAY.us-east-2.AmazonAWS.com:443/v1/traces', 'us-east-2'],
    ['https://xray.us-east-2.amazonaws.com./v1/traces', 'us-east-2'],
    ['https://xray.us-east-2.amazonaws.com', 'us-east-2'],
    ['https://xray.us-east-2.amazonaws.com:8443?a=1', 'us-east-2'],
    ['https://xray-fips.us-gov-west-1.amazonaws.com/v1/traces', 'us-gov-west-1'],
    ['https://xray.cn-north-1.amazonaws.com.cn/v1/traces', 'cn-north-1'],
    ['https://xray.us-east-1.api.aws/v1/traces', 'us-east-1'],
    ['https://xray-fips.us-east-1.api.aws/v1/traces', 'us-east-1'],
    ['https://xray.cn-northwest-1.api.amazonwebservices.com.cn/v1/traces', 'cn-northwest-1'],
    ['https://xray.eusc-de-east-1.amazonaws.eu/v1/traces', 'eusc-de-east-1'],
    ['https://xray.us-iso-east-1.c2s.ic.gov/v1/traces', 'us-iso-east-1'],
    ['https://vpce-0123456789abcdef0-abcdefgh.xray.us-east-1.vpce.amazonaws.com/v1/traces', 'us-east-1'],
    ['https://vpce-0123-abc-us-east-1a.xray.us-east-1.vpce.amazonaws.com/v1/traces', 'us-east-1'],
    ['https://vpce-0123-abc.xray-fips.us-east-1.vpce.amazonaws.com/v1/traces', 'us-east-1'],
    ['https://vpce-0123-abc.xray.cn-north-1.vpce.amazonaws.com.cn/v1/traces', 'cn-north-1'],
  ])('%s', (url, region) => {
    expect(regionOf(url)).toBe(region);
  });
});

/** Ends that an attacker, or a typing error, may give to a name of AWS. */
const FOREIGN = [
  'https://xray.us-east-1.amazonaws.com.evil.com/v1/traces',
  'https://xray.us-east-1.amazonaws.com:pw@evil.com/v1/traces',
  'https://xray.us-east-1.amazonaws.com@evil.com/v1/traces',
  'https://evil.com/?https://xray.us-east-1.amazonaws.com/',
  'https://evil.com/xray.us-east-1.amazonaws.com/v1/traces',
  'https://evil.com#.xray.us-east-1.amazonaws.com',
  'https://evil-xray.us-east-1.amazonaws.com/v1/traces',
  'https://x.xray.us-east-1.amazonaws.com/v1/traces',
  'https://evil.xray.us-east-1.vpce.amazonaws.com/v1/traces',
  'https://vpce-1.logs.us-east-1.vpce.amazonaws.com/v1/traces',
  'https://xray.us-east-1.amazonaws.co/v1/traces',
  'https://xray.us-east-1.amazonaws-com.evil/v1/traces',
  'https://xray.us-east-1.amazonaws.com.cn.evil.cn/v1/traces',
  'https://xray.s3.amazonaws.com/v1/traces',
  'https://xray.evil.api.aws/v1/traces',
  'https://xray.us-east-1xamazonaws.com/v1/traces',
  'http://xray.us-east-1.amazonaws.com/v1/traces',
  'http://collector:4318/v1/traces',
  'https://xray.corp.internal/v1/traces',
];

describe('spans are not signed for', () => {
  it.each(FOREIGN)('%s', (url) => {
    expect(regionOf(url)).toBeUndefined();
  });

  it('any host that does not belong to AWS', () => {
    const label = fc.stringMatching(/^[a-z0-9-]{1,12}$/);
    const foreign = fc.tuple(label, fc.constantFrom('.com', '.evil.com', '.aws.evil', '.co', '.internal'));
    fc.assert(
      fc.property(
        fc.constantFrom('xray.us-east-1', 'vpce-1.xray.us-east-1.vpce', 'xray.us-east-1.amazonaws.com'),
        fc.constantFrom('.', '-', '@', ':x@', '.amazonaws.com.'),
        foreign,
        (start, joint, [name, end]) => {
          const url = `https://${start}${joint}${name}${end}/v1/traces`;
          if (!URL.canParse(url) || /\.(amazonaws\.com|api\.aws)$/.test(new URL(url).hostname)) return;
          expect(regionOf(url)).toBeUndefined();
        },
      ),
    );
  });
});
