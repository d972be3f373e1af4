import type { Config } from '../../config/config.ts';
import { createSinks, type SinkName } from '../../observability/delivery/sink-counters.ts';
import { type CheckResult, runCheck } from './check-result.ts';
import { checkClock, logsUrl } from './checks/check-clock.ts';
import { checkCloudwatch } from './checks/check-cloudwatch.ts';
import { checkDatabase } from './checks/check-database.ts';
import { checkHoneycomb } from './checks/check-honeycomb.ts';
import { checkRollbar } from './checks/check-rollbar.ts';
import { checkXRay } from './checks/check-xray.ts';
import { checkXRayOtlp } from './checks/check-xray-otlp.ts';
import { SEE_CLOCK } from './diagnosis/aws-hints.ts';
import { examineHttp } from './diagnosis/examine-http.ts';
import type { ProbeTarget } from './diagnosis/probe-http.ts';
import type { Interpretation } from './interpret.ts';
import type { ProbeIds } from './probe-ids.ts';

type SpanConfig = NonNullable<Config['otlp']> | NonNullable<Config['xrayOtlp']>;

/** The variable that turns each check on. */
const SWITCHES: Readonly<Record<SinkName | 'database', string>> = {
  honeycomb: 'HONEYCOMB_API_KEY (or OTEL_EXPORTER_OTLP_ENDPOINT)',
  xray: 'AWS_XRAY_DAEMON_ADDRESS (or AWS_XRAY_OTLP_ENDPOINT)',
  cloudwatch: 'CLOUDWATCH_LOG_GROUP',
  rollbar: 'ROLLBAR_ACCESS_TOKEN',
  database: 'DATABASE_URL',
};

/**
 * Sends one item through each sink that is on, with the code of the service itself and with the given ids,
 * reads the state of the database, and compares the clock. Requires a global context manager, from which the
 * Rollbar report takes the ids.
 */
export async function runChecks(config: Config, ids: ProbeIds): Promise<CheckResult[]> {
  const { otlp, xray, xrayOtlp, cloudwatch, rollbar, service, awsProfile, database, databaseLimits } = config;
  const sinks = createSinks(config);
  const check = (name: SinkName, run: (() => Promise<Interpretation>) | undefined): Promise<CheckResult> => {
    const { destination } = sinks[name].report();
    return run === undefined ? off(name) : runCheck({ name, destination }, run);
  };
  /** Looks at the address where the check fails. */
  const checkHttp = (name: SinkName, target: ProbeTarget, run: () => Promise<Interpretation>) =>
    check(name, async () => examineHttp(target, await run()));
  const [clock, ...results] = await Promise.all([
    checkClock(config).catch(() => undefined),
    otlp
      ? checkHttp('honeycomb', targetOf(otlp), () => checkHoneycomb(otlp, service, ids))
      : off('honeycomb'),
    xrayOtlp
      ? checkHttp('xray', targetOf(xrayOtlp), () => checkXRayOtlp(xrayOtlp, service, ids, awsProfile))
      : check('xray', xray && (() => checkXRay(xray, config, ids))),
    cloudwatch
      ? checkHttp('cloudwatch', { ...cloudwatch, url: logsUrl(cloudwatch) }, () =>
          checkCloudwatch(cloudwatch, service, ids, awsProfile),
        )
      : off('cloudwatch'),
    rollbar
      ? checkHttp('rollbar', { ...rollbar, url: rollbar.endpoint }, () => checkRollbar(rollbar, service, ids))
      : off('rollbar'),
    database
      ? runCheck({ name: 'database', destination: hostOf(database) }, () =>
          checkDatabase(database, databaseLimits),
        )
      : off('database'),
  ]);
  return clock === undefined ? results : [...results.map((result) => withClock(result, clock)), clock];
}

/** Advice about a wrong clock tells by how much it is wrong, if at all. */
function withClock(result: CheckResult, { answer }: CheckResult): CheckResult {
  return { ...result, advice: result.advice?.replace(SEE_CLOCK, `(${answer})`) ?? null };
}

function targetOf({ tracesUrl, ...options }: SpanConfig): ProbeTarget {
  return { ...options, url: tracesUrl };
}

function hostOf({ hosts }: NonNullable<Config['database']>): string {
  return hosts.map(({ host, port }) => (host.startsWith('/') ? host : `${host}:${port}`)).join(', ');
}

async function off(name: keyof typeof SWITCHES): Promise<CheckResult> {
  const answer = `set ${SWITCHES[name]} to ${name === 'database' ? 'check it' : 'turn it on'}`;
  return { name, state: 'off', destination: null, answer, took_ms: null, advice: null };
}
