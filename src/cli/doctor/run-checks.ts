import type { Config } from '../../config/config.ts';
import { createSinks, type SinkName } from '../../observability/delivery/sink-counters.ts';
import { checkClock } from './check-clock.ts';
import { checkCloudwatch } from './check-cloudwatch.ts';
import { checkHoneycomb } from './check-honeycomb.ts';
import { type CheckResult, runCheck } from './check-result.ts';
import { checkRollbar } from './check-rollbar.ts';
import { checkXRay } from './check-xray.ts';
import { checkXRayOtlp } from './check-xray-otlp.ts';
import type { Interpretation } from './interpret.ts';
import type { ProbeIds } from './probe-ids.ts';

/** The variable that turns each sink on. */
const SWITCHES: Readonly<Record<SinkName, string>> = {
  honeycomb: 'OTEL_EXPORTER_OTLP_ENDPOINT',
  xray: 'AWS_XRAY_DAEMON_ADDRESS (or AWS_XRAY_OTLP_ENDPOINT)',
  cloudwatch: 'CLOUDWATCH_LOG_GROUP',
  rollbar: 'ROLLBAR_ACCESS_TOKEN',
};

/**
 * Sends one item through each sink that is on, with the code of the service itself and with the given ids,
 * and compares the clock. Requires a global context manager, from which the Rollbar report takes the ids.
 */
export async function runChecks(config: Config, ids: ProbeIds): Promise<CheckResult[]> {
  const { otlp, xray, xrayOtlp, cloudwatch, rollbar, service } = config;
  const sinks = createSinks(config);
  const check = (name: SinkName, run: (() => Promise<Interpretation>) | undefined): Promise<CheckResult> => {
    const { destination } = sinks[name].report();
    return run === undefined ? off(name) : runCheck({ name, destination }, run);
  };
  const results = await Promise.all([
    check('honeycomb', otlp && (() => checkHoneycomb(otlp, service, ids))),
    xrayOtlp
      ? check('xray', () => checkXRayOtlp(xrayOtlp, service, ids))
      : check('xray', xray && (() => checkXRay(xray, service, ids))),
    check('cloudwatch', cloudwatch && (() => checkCloudwatch(cloudwatch, service, ids))),
    check('rollbar', rollbar && (() => checkRollbar(rollbar, service, ids))),
    checkClock(config),
  ]);
  return results.filter((result) => result !== undefined);
}

async function off(name: SinkName): Promise<CheckResult> {
  const answer = `set ${SWITCHES[name]} to turn it on`;
  return { name, state: 'off', destination: null, answer, took_ms: null, advice: null };
}
