import { loadDotEnv, orExit, readConfig, readLauncherConfig } from '../config/config.ts';
import { banner } from './launcher/banner.ts';
import { consoleSinks } from './launcher/console-sinks.ts';
import { requireFreePort } from './launcher/require-free-port.ts';
import { startApi } from './launcher/start-api.ts';
import { startConsole } from './launcher/start-console.ts';
import { startDatabase } from './launcher/start-database.ts';

loadDotEnv();
const launcher = readLauncherConfig();
const config = orExit(() =>
  readConfig(
    launcher.environmentWith(launcher.hasDatabaseUrl ? {} : { DATABASE_URL: 'postgres://embedded' }),
  ),
);
await requireFreePort(config);

const localConsole = await startConsole(launcher.consoleEnvironment(config));
const database = launcher.hasDatabaseUrl ? undefined : await startDatabase(launcher.dataDir);
const environment = launcher.environmentWith({
  ...(localConsole && consoleSinks(config, localConsole)),
  ...(database && { DATABASE_URL: database.url }),
});
const api = startApi(environment);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => api.stop(signal));

if (await api.isReady(config)) {
  process.stdout.write(banner(readConfig(environment), { console: localConsole, database }));
}
process.exitCode = await api.exit;
await Promise.all([localConsole?.stop(), database?.stop()]);
