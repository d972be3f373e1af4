import type { TestProject } from 'vitest/node';
import { askAdvisories } from './advisories.ts';
import { installCollector, installXrayCollector } from './collector.ts';
import { prepareDocker } from './docker-engine.ts';
import { installHaproxy } from './haproxy.ts';
import { installPgbouncer } from './pgbouncer.ts';
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
  | 'haproxy';

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
  const pgbouncer = orMissing(async () => installPgbouncer(await postgres));
  const entries: [RealServiceName, Promise<RealService>][] = [
    ['advisories', orMissing(askAdvisories)],
    ['collector', orMissing(installCollector)],
    ['xrayDaemon', xrayDaemon],
    ['xrayCollector', xrayCollector],
    ['postgres', postgres],
    ['pgbouncer', pgbouncer],
    // One apt-get at a time.
    ['haproxy', pgbouncer.then(() => orMissing(installHaproxy))],
    ['docker', orMissing(async () => prepareDocker(await xrayDaemon, await xrayCollector))],
    ...(['moto', 'awsCli', 'cfnLint'] as const).map((name): [RealServiceName, Promise<RealService>] => [
      name,
      orMissing(async () => (await tools)[name]),
    ]),
  ];
  const installed = await Promise.all(entries.map(async ([name, service]) => [name, await service]));
  project.provide('realServices', Object.fromEntries(installed));
}
