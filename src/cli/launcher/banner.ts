import type { Config } from '../../config/config.ts';
import { createSinks, describeSinks } from '../../observability/delivery/sink-counters.ts';
import type { RunningConsole } from './start-console.ts';
import type { RunningDatabase } from './start-database.ts';

interface LocalHelpers {
  readonly console: RunningConsole | undefined;
  readonly database: RunningDatabase | undefined;
}

/** Returns what `npm start` prints once everything runs: addresses, and where each system's data goes. */
export function banner(config: Config, { console, database }: LocalHelpers): string {
  const api = `http://localhost:${config.port}`;
  const local = console && [new URL(console.url).host, console.variables.AWS_XRAY_DAEMON_ADDRESS];
  const lines: [string, string][] = [
    ['API', `${api}/api/activities/home`],
    ['console', console?.url ?? 'not installed'],
    ['docs', `${api}/api/docs`],
    ['database', database ? `embedded PostgreSQL in ${database.dataDir}` : 'as DATABASE_URL says'],
    ...Object.entries(describeSinks(createSinks(config))).map(([name, to]): [string, string] => [
      name,
      local?.includes(to) ? 'to the console' : to === 'off' ? 'off' : `to ${to}`,
    ]),
  ];
  const rows = lines.map(([name, value]) => `  ${name.padEnd(12)}${value}`).join('\n');
  return `\n${rows}\n\n  Ctrl-C stops everything.\n\n`;
}
