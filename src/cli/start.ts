import { orExit, readConfigWithoutDatabase } from '../config/config.ts';
import { loadEnvironment } from '../config/loading/load-environment.ts';
import { banner } from './launcher/banner.ts';
import { consoleSinks } from './launcher/console-sinks.ts';
import { readLauncherConfig } from './launcher/launcher-config.ts';
import { requireFreePort } from './launcher/require-free-port.ts';
import { startApi } from './launcher/start-api.ts';
import { startConsole } from './launcher/start-console.ts';
import { startDatabase } from './launcher/start-database.ts';

// The API, which inherits the environment, warns.
loadEnvironment({ warns: false });
const launcher = readLauncherConfig();
const config = orExit(readConfigWithoutDatabase);
await requireFreePort(config);

const localConsole = await startConsole(launcher.consoleEnvironment(config));
const database = launcher.hasDatabaseUrl ? undefined : await startDatabase(launcher.dataDir);
const environment = launcher.environmentWith({
  ...(localConsole && consoleSinks(config, localConsole)),
  ...(database && { DATABASE_URL: database.url }),
});
const api = startApi(environment);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => api.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal));
}

if (await api.ready) {
  process.stdout.write(banner(readConfigWithoutDatabase(environment), { console: localConsole, database }));
}
process.exitCode = await api.exit;
await Promise.all([localConsole?.stop(), database?.stop()]);
