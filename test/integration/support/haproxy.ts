import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { freePort } from '../../helpers/network/free-port.ts';
import { haproxyConfiguration } from './haproxy-configuration.ts';
import { useRealServiceProcesses } from './real-service-process.ts';

/** Starts a haproxy in front of replicas, by their ports. Resolves with its URL. */
type StartHaproxy = (replicas: readonly number[], retries: number) => Promise<string>;

/** Starts haproxies, from the program at `path`, for the `describe` around it. */
export function useHaproxy(path: string): StartHaproxy {
  const startProcess = useRealServiceProcesses();
  const folders: string[] = [];
  afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));
  return async (replicas, retries) => {
    const folder = await mkdtemp(join(tmpdir(), 'cruddur-haproxy-'));
    folders.push(folder);
    const port = await freePort();
    const file = join(folder, 'haproxy.cfg');
    await writeFile(file, haproxyConfiguration({ port, replicas, retries }));
    await startProcess(path, ['-db', '-f', file], { port });
    return `http://127.0.0.1:${port}`;
  };
}
