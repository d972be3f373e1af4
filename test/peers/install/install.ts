import type { TestProject } from 'vitest/node';
import { askAdvisories } from './advisories.ts';
import { installCollector, installXrayCollector } from './collector.ts';
import { prepareDocker } from './docker-engine.ts';
import { orMissing, type Peer } from './peer.ts';
import { installPostgres } from './postgres.ts';
import { installPythonTools } from './python-tools.ts';
import { installXrayDaemon } from './xray-daemon.ts';

export type PeerName =
  | 'advisories'
  | 'collector'
  | 'xrayDaemon'
  | 'xrayCollector'
  | 'moto'
  | 'awsCli'
  | 'cfnLint'
  | 'docker'
  | 'postgres';

declare module 'vitest' {
  interface ProvidedContext {
    peers: Readonly<Record<PeerName, Peer>>;
  }
}

/** Installs what is not there yet, side by side, before the first test. */
export async function setup(project: TestProject): Promise<void> {
  const tools = installPythonTools();
  const xrayDaemon = orMissing(installXrayDaemon);
  const xrayCollector = orMissing(installXrayCollector);
  const entries: [PeerName, Promise<Peer>][] = [
    ['advisories', orMissing(askAdvisories)],
    ['collector', orMissing(installCollector)],
    ['xrayDaemon', xrayDaemon],
    ['xrayCollector', xrayCollector],
    ['postgres', orMissing(installPostgres)],
    ['docker', orMissing(async () => prepareDocker(await xrayDaemon, await xrayCollector))],
    ...(['moto', 'awsCli', 'cfnLint'] as const).map((name): [PeerName, Promise<Peer>] => [
      name,
      orMissing(async () => (await tools)[name]),
    ]),
  ];
  const peers = await Promise.all(entries.map(async ([name, peer]) => [name, await peer]));
  project.provide('peers', Object.fromEntries(peers));
}
