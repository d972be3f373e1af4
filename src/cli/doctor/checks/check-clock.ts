import type { Config } from '../../../config/config.ts';
import type { CheckResult } from '../check-result.ts';
import { type ProbeTarget, probeHttp } from '../diagnosis/probe-http.ts';

/** Resolution of the `Date` header, which some servers update once a second. */
const RESOLUTION_MS = 2_000;
/** AWS rejects signatures with a larger difference. */
const MAX_SKEW_S = 300;
/** Differences between back ends up to this are not told. */
const AGREEMENT_S = 5;

/** The clock of one back end. `skew` is by how many seconds this machine's clock is ahead of it. */
interface Comparison {
  readonly host: string;
  readonly skew: number;
}

/**
 * Compares this machine's clock with the `Date` header of each HTTP back end that sends one; resolves with
 * undefined if none does. With a wrong clock, AWS rejects signatures, and telemetry is stored under wrong
 * times.
 */
export async function checkClock(config: Config): Promise<CheckResult | undefined> {
  const { otlp, xrayOtlp, rollbar, cloudwatch } = config;
  const targets: ProbeTarget[] = [
    ...[otlp, xrayOtlp].flatMap((spans) => (spans ? [{ ...spans, url: spans.tracesUrl }] : [])),
    ...(rollbar ? [{ ...rollbar, url: rollbar.endpoint }] : []),
    ...(cloudwatch ? [{ ...cloudwatch, url: logsUrl(cloudwatch) }] : []),
  ];
  const byHost = new Map(targets.map((target) => [new URL(target.url).host, target]));
  const compared = (await Promise.all([...byHost].map(([host, target]) => compare(host, target)))).filter(
    (comparison) => comparison !== undefined,
  );
  const [worst] = compared.toSorted((a, b) => Math.abs(b.skew) - Math.abs(a.skew));
  if (worst === undefined) return undefined;
  const fails = Math.round(Math.abs(worst.skew)) > MAX_SKEW_S;
  return {
    name: 'clock',
    state: fails ? 'fails' : 'works',
    destination: worst.host,
    answer: `this clock is ${describe(worst, compared)}`,
    took_ms: null,
    advice: fails ? "correct this machine's clock, for example with NTP" : null,
  };
}

/** Names each back end only where they differ: then it is not this clock that is wrong. */
function describe(worst: Comparison, all: readonly Comparison[]): string {
  const agree = all.every(({ skew }) => Math.abs(skew - worst.skew) <= AGREEMENT_S);
  return agree ? inWords(worst) : all.map((one) => `${inWords(one)} with ${one.host}`).join(', ');
}

function inWords({ skew }: Comparison): string {
  const seconds = Math.round(Math.abs(skew));
  return seconds === 0 ? 'in sync' : `${seconds} s ${skew > 0 ? 'ahead' : 'behind'}`;
}

/** Returns the address of CloudWatch Logs; with a region of the profile, that of any region. */
export function logsUrl({ endpoint, region }: NonNullable<Config['cloudwatch']>): string {
  return endpoint ?? `https://logs.${region ?? 'us-east-1'}.amazonaws.com`;
}

/**
 * Compares with the clock of one back end: in sync if the difference is within the
 * accuracy of the measurement, which the round-trip time and the whole seconds of `Date` limit.
 * Undefined without a response.
 */
async function compare(host: string, { url, ...options }: ProbeTarget): Promise<Comparison | undefined> {
  const before = Date.now();
  try {
    const { date } = await probeHttp({ ...options, url: new URL(url).origin }, 'HEAD');
    if (Number.isNaN(date)) return undefined;
    const halfway = (Date.now() - before) / 2;
    const skew = before + halfway - date;
    return { host, skew: Math.abs(skew) <= halfway + RESOLUTION_MS ? 0 : skew / 1000 };
  } catch {
    return undefined;
  }
}
