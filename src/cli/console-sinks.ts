import type { Config } from '../config.ts';
import type { RunningConsole } from './start-console.ts';

/** The variables of each sink. With CloudWatch's come credentials, so that real ones are not sent to the console. */
const VARIABLES = {
  honeycomb: ['OTEL_EXPORTER_OTLP_ENDPOINT'],
  xray: ['AWS_XRAY_DAEMON_ADDRESS'],
  cloudwatch: [
    'CLOUDWATCH_LOG_GROUP',
    'AWS_ENDPOINT_URL_CLOUDWATCH_LOGS',
    'AWS_REGION',
    'AWS_ACCESS_KEY_ID',
    'AWS_SECRET_ACCESS_KEY',
    'AWS_SESSION_TOKEN',
    'AWS_PROFILE',
  ],
  rollbar: ['ROLLBAR_ACCESS_TOKEN', 'ROLLBAR_ENDPOINT'],
} as const satisfies Partial<Record<keyof Config, readonly string[]>>;

/** What points at the console each sink that has no address of its own. */
export function consoleSinks(config: Config, { variables }: RunningConsole): Record<string, string> {
  const names = Object.entries(VARIABLES)
    .filter(([sink]) => config[sink as keyof typeof VARIABLES] === undefined)
    .filter(([sink]) => sink !== 'xray' || config.xrayOtlp === undefined)
    .flatMap(([, sinkVariables]) => sinkVariables);
  return Object.fromEntries(names.map((name) => [name, variables[name] ?? '']));
}
