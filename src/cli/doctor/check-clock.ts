import type { Config } from '../../config/config.ts';
import type { CheckResult } from './check-result.ts';

const TIMEOUT_MS = 3_000;
/** Of the header, which some servers renew once a second. */
const RESOLUTION_MS = 2_000;
/** AWS refuses signatures that are further off. */
const MOST_SKEW_S = 300;

/**
 * Compares this machine's clock with the `Date` of the first back end over HTTP that tells one; undefined when none
 * does. A wrong clock makes AWS refuse signatures, and files spans, segments and lines where nobody looks.
 */
export async function checkClock(config: Config): Promise<CheckResult | undefined> {
  const origins = [
    config.honeycomb?.tracesUrl,
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
  const fails = seconds > MOST_SKEW_S;
  return {
    name: 'clock',
    state: fails ? 'fails' : 'works',
    destination: new URL(origins[index] ?? '').host,
    answer:
      seconds === 0 ? 'this clock agrees' : `this clock is ${seconds} s ${skew > 0 ? 'ahead' : 'behind'}`,
    took_ms: null,
    advice: fails ? 'set the clock of this machine (NTP)' : null,
  };
}

function logsUrl({ cloudwatch }: Config): string | undefined {
  if (cloudwatch === undefined) return undefined;
  const { endpoint, region } = cloudwatch;
  return endpoint ?? (region && `https://logs.${region}.amazonaws.com`);
}

/**
 * Seconds by which this clock is ahead of the one at `origin`: 0 when it is no more than can be told, the answer's time
 * being in whole seconds and under way for a while; undefined when nothing tells.
 */
async function measureSkew(origin: string): Promise<number | undefined> {
  const before = Date.now();
  try {
    const { headers } = await fetch(origin, {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const there = Date.parse(headers.get('date') ?? '');
    if (Number.isNaN(there)) return undefined;
    const halfway = (Date.now() - before) / 2;
    const skew = before + halfway - there;
    return Math.abs(skew) <= halfway + RESOLUTION_MS ? 0 : skew / 1000;
  } catch {
    return undefined;
  }
}
