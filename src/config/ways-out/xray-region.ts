/** The suffixes of AWS's partitions behind `xray.<region>.`, for IPv4 and for both IPv4 and IPv6. */
const SUFFIXES = [
  'amazonaws.com',
  'api.aws',
  'amazonaws.com.cn',
  'api.amazonwebservices.com.cn',
  'amazonaws.eu',
  'api.amazonwebservices.eu',
  'c2s.ic.gov',
  'api.aws.ic.gov',
  'sc2s.sgov.gov',
  'api.aws.scloud',
  'cloud.adc-e.uk',
  'api.cloud-aws.adc-e.uk',
  'csp.hci.ic.gov',
  'api.aws.hci.ic.gov',
];

/** A VPC endpoint has a label of its own before the name, and `vpce` after the region. */
const HOST = new RegExp(
  `^(?:xray(?:-fips)?\\.(?<region>[a-z]{2,4}(?:-[a-z]{2,12}){1,3}-\\d{1,2})` +
    `|vpce-[a-z0-9-]{1,60}\\.xray(?:-fips)?\\.(?<vpce>[a-z]{2,4}(?:-[a-z]{2,12}){1,3}-\\d{1,2})\\.vpce)` +
    `\\.(?:${SUFFIXES.map((suffix) => suffix.replaceAll('.', '\\.')).join('|')})\\.?$`,
);

/**
 * Returns the region of X-Ray's own OTLP endpoint, which accepts only requests that are signed for it; the
 * endpoint may be public, FIPS, for IPv6, or a VPC's. Undefined for any other address, such as a Collector's.
 * https://docs.aws.amazon.com/general/latest/gr/xray.html
 */
export function xrayRegion(url: string): string | undefined {
  const { protocol, hostname } = new URL(url);
  if (protocol !== 'https:') return undefined;
  const { region, vpce } = HOST.exec(hostname)?.groups ?? {};
  return region ?? vpce;
}
