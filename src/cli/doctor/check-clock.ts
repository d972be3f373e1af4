import type { Config } from '../../config/config.ts';
import type { CheckResult } from './check-result.ts';

const TIMEOUT_MS = 3_000;
/** Resolution of the `Date` header, which some servers update once a second. */
const RESOLUTION_MS = 2_000;
/** AWS rejects signatures with a larger difference. */
const MAX_SKEW_S = 300;

/**
 * Compares this machine's clock with the `Date` header of the first HTTP back end that sends one; resolves
 * with undefined if none does. With a wrong clock, AWS rejects signatures, and telemetry is stored under
 * wrong times.
 */
export async function checkClock(config: Config): Promise<CheckResult | undefined> {
  const origins = [
    config.otlp?.tracesUrl,
    config.xrayOtlp?.tracesUrl,
    config.rollbar?.endpoint,
    logsUrl(config),
  ]
    .filter((url) => url !== undefined)
    .map((url) => new URL(url).origin);
  const skews = await Promise.all(origins.map(measureSkew));
  const index = skews.findIndex((skew) => skew !== undefined);
  const skew = skews[index];
  if (skew === undefined) return undefined;
  const seconds = Math.round(Math.abs(skew));
  const fails = seconds > MAX_SKEW_S;
  return {
    name: 'clock',
    state: fails ? 'fails' : 'works',
    destination: new URL(origins[index] ?? '').host,
    answer:
      seconds === 0 ? 'this clock is in sync' : `this clock is ${seconds} s ${skew > 0 ? 'ahead' : 'behind'}`,
    took_ms: null,
    advice: fails ? "correct this machine's clock, for example with NTP" : null,
  };
}

function logsUrl({ cloudwatch }: Config): string | undefined {
  if (cloudwatch === undefined) return undefined;
  const { endpoint, region } = cloudwatch;
  return endpoint ?? (region && `https://logs.${region}.amazonaws.com`);
}

/**
 * Returns by how many seconds this clock is ahead of the one at `origin`: 0 if the difference is within the
 * accuracy of the measurement, which the round-trip time and the whole seconds of `Date` limit; undefined
 * without a response.
 */
async function measureSkew(origin: string): Promise<number | undefined> {
  const before = Date.now();
  try {
    const { headers } = await fetch(origin, {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const serverTime = Date.parse(headers.get('date') ?? '');
    if (Number.isNaN(serverTime)) return undefined;
    const halfway = (Date.now() - before) / 2;
    const skew = before + halfway - serverTime;
    return Math.abs(skew) <= halfway + RESOLUTION_MS ? 0 : skew / 1000;
  } catch {
    return undefined;
  }
}
