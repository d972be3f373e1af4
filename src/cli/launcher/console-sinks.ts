import type { Config } from '../../config/config.ts';
import type { RunningConsole } from './start-console.ts';

/**
 * Replaced by made-up ones together with CloudWatch's address, so that the console never receives real ones.
 */
const CREDENTIALS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_PROFILE'];

/** Returns the variables that send to the console the data of each system that is off. */
export function consoleSinks(config: Config, { variables }: RunningConsole): Record<string, string> {
  const { otlp, xray, xrayOtlp, cloudwatch, rollbar } = config;
  const names = [
    ...(otlp ? [] : ['OTEL_EXPORTER_OTLP_ENDPOINT']),
    ...(xray || xrayOtlp ? [] : ['AWS_XRAY_DAEMON_ADDRESS']),
    ...(cloudwatch ? [] : ['CLOUDWATCH_LOG_GROUP', 'AWS_ENDPOINT_URL_CLOUDWATCH_LOGS', 'AWS_REGION']),
    // X-Ray's OTLP endpoint needs the real ones; a signature does not reveal them.
    ...(cloudwatch || xrayOtlp?.region ? [] : CREDENTIALS),
    ...(rollbar ? [] : ['ROLLBAR_ACCESS_TOKEN', 'ROLLBAR_ENDPOINT']),
  ];
  return Object.fromEntries(names.map((name) => [name, variables[name] ?? '']));
}
