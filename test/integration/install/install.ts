import type { TestProject } from 'vitest/node';
import { askAdvisories } from './advisories.ts';
import { installCollector, installXrayCollector } from './collector.ts';
import { type DebianProgram, installDebianProgram } from './debian-program.ts';
import { prepareDocker } from './docker-engine.ts';
import { installPostgres } from './postgres.ts';
import { installPythonTools } from './python-tools.ts';
import { orMissing, type RealService } from './real-service.ts';
import { installXrayDaemon } from './xray-daemon.ts';

export type RealServiceName =
  | 'advisories'
  | 'collector'
  | 'xrayDaemon'
  | 'xrayCollector'
  | 'moto'
  | 'awsCli'
  | 'cfnLint'
  | 'docker'
  | 'postgres'
  | 'pgbouncer'
  | 'haproxy'
  | 'tinyproxy';

const PGBOUNCER = { name: 'pgbouncer', flag: '--version', version: /PgBouncer (\S+)/ };
const HAPROXY = { name: 'haproxy', flag: '-v', version: /version (\d+\.\d+\.\d+)/ };
const TINYPROXY = {
  name: 'tinyproxy',
  folder: '/usr/bin',
  flag: '-v',
  version: /tinyproxy (\S+)/,
};

declare module 'vitest' {
  interface ProvidedContext {
    realServices: Readonly<Record<RealServiceName, RealService>>;
  }
}

/** Installs the missing services in parallel before the first test. */
export async function setup(project: TestProject): Promise<void> {
  const tools = installPythonTools();
  const xrayDaemon = orMissing(installXrayDaemon);
  const xrayCollector = orMissing(installXrayCollector);
  const postgres = orMissing(installPostgres);
  const needsPostgres = async (program: DebianProgram) => {
    const { missing } = await postgres;
    if (missing) throw new Error(`it needs PostgreSQL: ${missing}`);
    return installDebianProgram(program);
  };
  // One apt-get at a time.
  const pgbouncer = orMissing(() => needsPostgres(PGBOUNCER));
  const haproxy = pgbouncer.then(() => orMissing(() => needsPostgres(HAPROXY)));
  const tinyproxy = haproxy.then(() => orMissing(() => installDebianProgram(TINYPROXY)));
  const entries: [RealServiceName, Promise<RealService>][] = [
    ['advisories', orMissing(askAdvisories)],
    ['collector', orMissing(installCollector)],
    ['xrayDaemon', xrayDaemon],
    ['xrayCollector', xrayCollector],
    ['postgres', postgres],
    ['pgbouncer', pgbouncer],
    ['haproxy', haproxy],
    ['tinyproxy', tinyproxy],
    ['docker', orMissing(async () => prepareDocker(await xrayDaemon, await xrayCollector))],
    ...(['moto', 'awsCli', 'cfnLint'] as const).map((name): [RealServiceName, Promise<RealService>] => [
      name,
      orMissing(async () => (await tools)[name]),
    ]),
  ];
  const installed = await Promise.all(entries.map(async ([name, service]) => [name, await service]));
  project.provide('realServices', Object.fromEntries(installed));
}
