import { parseArgs } from 'node:util';
import { UnusableDataFolder } from './data-folder.ts';
import { startEmbeddedDatabase } from './embedded-database.ts';

/** The message to the parent when the database is ready. If not forked, the URL goes to stdout instead. */
export interface EmbeddedDatabaseReady {
  readonly type: 'ready';
  readonly databaseUrl: string;
}

const { values } = parseArgs({
  options: { 'data-dir': { type: 'string', default: './data' }, port: { type: 'string', default: '0' } },
});
const forked = process.send !== undefined;

/** Ctrl-C signals the whole process group. A forked database ignores it: its parent decides when to stop. */
const stopSignals: readonly NodeJS.Signals[] = forked ? ['SIGTERM'] : ['SIGTERM', 'SIGINT', 'SIGHUP'];
const ignoredSignals: readonly NodeJS.Signals[] = forked ? ['SIGINT', 'SIGHUP'] : [];

/** 78 is EX_CONFIG in sysexits.h. */
function exitWith(error: unknown): never {
  process.stderr.write(`embedded database: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(error instanceof UnusableDataFolder ? 78 : 1);
}

const starting = startEmbeddedDatabase({
  dataDir: values['data-dir'],
  port: Number(values.port),
  onFailure: exitWith,
});

let stopping = false;
function stop(): void {
  if (stopping) return;
  stopping = true;
  starting.then((database) => database.close()).then(() => process.exit(), exitWith);
}

for (const signal of stopSignals) process.on(signal, stop);
for (const signal of ignoredSignals) process.on(signal, () => {});
process.on('disconnect', stop);

starting.then(({ url }) => {
  const ready: EmbeddedDatabaseReady = { type: 'ready', databaseUrl: url };
  if (process.connected) process.send?.(ready);
  else if (!forked) process.stdout.write(`${url}\n`);
}, exitWith);
