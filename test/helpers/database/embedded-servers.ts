import { rmSync } from 'node:fs';
import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeDemoDatabase } from './demo-database.ts';
import { type EmbeddedProcess, FOR_A_SHORT_TIME, startEmbeddedProcess } from './embedded-process.ts';

/** The embedded databases of a test run: as many as files use at the same time. */
export interface EmbeddedServers {
  /** A migrated and seeded data folder to copy. What is put beside it is deleted with it. */
  template(): Promise<string>;
  /** The URL of one that nobody else uses until it is given back; it holds what the last user left. */
  take(): Promise<string>;
  giveBack(url: string): void;
  close(): Promise<void>;
}

/** Nothing starts before it is asked for. */
export async function createEmbeddedServers(): Promise<EmbeddedServers> {
  const folder = await mkdtemp(join(tmpdir(), 'cruddur-embedded-'));
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', removeFolder);
  const running: EmbeddedProcess[] = [];
  const idle: string[] = [];
  let made: Promise<string> | undefined;

  async function make(): Promise<string> {
    const dataDir = join(folder, 'template');
    const database = await startEmbeddedProcess(dataDir, { execArgv: FOR_A_SHORT_TIME });
    await makeDemoDatabase(database.url);
    await database.close();
    return dataDir;
  }

  function template(): Promise<string> {
    made ??= make();
    return made;
  }

  return {
    template,

    async take() {
      const free = idle.pop();
      if (free !== undefined) return free;
      const dataDir = await mkdtemp(join(folder, 'shared-'));
      await cp(await template(), dataDir, { recursive: true });
      const database = await startEmbeddedProcess(dataDir, { execArgv: FOR_A_SHORT_TIME });
      running.push(database);
      return database.url;
    },

    giveBack: (url) => void idle.push(url),

    async close() {
      await made?.catch(() => {});
      await Promise.all(running.map((database) => database.close()));
      process.off('exit', removeFolder);
      removeFolder();
    },
  };
}
