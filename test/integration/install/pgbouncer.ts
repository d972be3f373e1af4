import { type RealService, run } from './real-service.ts';

const PROGRAM = '/usr/sbin/pgbouncer';

/** Finds Debian's PgBouncer, or installs it as root after PostgreSQL. `path` is its program. */
export async function installPgbouncer(postgres: RealService): Promise<RealService> {
  if (postgres.missing) throw new Error(`it needs PostgreSQL: ${postgres.missing}`);
  const [, version = ''] = /PgBouncer (\S+)/.exec(await printVersion().catch(aptGet)) ?? [];
  return { version, path: PROGRAM };
}

const printVersion = () => run(PROGRAM, ['--version']);

async function aptGet(): Promise<string> {
  if (process.getuid?.() !== 0) throw new Error('only root can install it: apt-get install pgbouncer');
  await run('apt-get', ['update', '-qq']);
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'pgbouncer'], {
    env: { DEBIAN_FRONTEND: 'noninteractive' },
  });
  return printVersion();
}
