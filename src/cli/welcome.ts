import type { Config } from '../config.ts';
import { createSinks, describeSinks } from '../observability/sinks.ts';
import type { RunningDatabase } from './start-database.ts';

/** The variable that switches each sink on. */
const SWITCHES: Readonly<Record<string, string>> = {
  honeycomb: 'OTEL_EXPORTER_OTLP_ENDPOINT',
  xray: 'AWS_XRAY_DAEMON_ADDRESS',
  cloudwatch: 'CLOUDWATCH_LOG_GROUP',
  rollbar: 'ROLLBAR_ACCESS_TOKEN',
};

/** The block that `npm start` prints when all is up: what is on, what is off, and where. */
export function welcome(config: Config, database: RunningDatabase | undefined): string {
  const api = `http://localhost:${config.port}`;
  const lines: [string, string][] = [
    ['API', `${api}/api/activities/home`],
    ['docs', `${api}/api/docs`],
    ['database', database ? `embedded PostgreSQL in ${database.dataDir}` : 'as DATABASE_URL says'],
    ...Object.entries(describeSinks(createSinks(config))).map(([name, to]): [string, string] => [
      name,
      to === 'off' ? `off (${SWITCHES[name]} switches it on)` : `on, to ${to}`,
    ]),
  ];
  return `\n${lines.map(([name, value]) => `  ${name.padEnd(12)}${value}`).join('\n')}\n\n  Ctrl-C stops everything.\n\n`;
}
