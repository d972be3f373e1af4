import { loadDotEnv, orExit, readConfig, readLauncherConfig } from '../config.ts';
import { requireFreePort } from './require-free-port.ts';
import { startApi } from './start-api.ts';
import { startDatabase } from './start-database.ts';
import { welcome } from './welcome.ts';

loadDotEnv();
const launcher = readLauncherConfig();
const { host, port } = orExit(() =>
  readConfig(
    launcher.environmentWith(launcher.hasDatabaseUrl ? {} : { DATABASE_URL: 'postgres://embedded' }),
  ),
);
await requireFreePort({ host, port });

const database = launcher.hasDatabaseUrl ? undefined : await startDatabase(launcher.dataDir);
const environment = launcher.environmentWith(database ? { DATABASE_URL: database.url } : {});
const api = startApi(environment);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => api.stop(signal));

if (await api.isReady(readConfig(environment)))
  process.stdout.write(welcome(readConfig(environment), database));
process.exitCode = await api.exit;
await database?.stop();
