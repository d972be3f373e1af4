import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDataFolder } from '../../../src/db/embedded/data-folder.ts';

describe('the data folder', () => {
  let path: string;

  beforeEach(async () => {
    path = join(await mkdtemp(join(tmpdir(), 'cruddur-folder-')), 'data');
  });
  afterEach(() => rm(join(path, '..'), { recursive: true }));

  it('is created if it does not exist', async () => {
    const folder = await openDataFolder(path);
    expect(existsSync(path)).toBe(true);
    expect(existsSync(folder.pgdata)).toBe(false);
    folder.release();
  });

  it('has one user at a time', async () => {
    const folder = await openDataFolder(path);
    await expect(openDataFolder(path)).rejects.toMatchObject({ name: 'DataFolderInUse' });
    folder.release();
    (await openDataFolder(path)).release();
  });

  it('is recreated after an interrupted first start', async () => {
    const folder = await openDataFolder(path);
    await mkdir(folder.pgdata);
    folder.release();
    (await openDataFolder(path)).release();
    expect(existsSync(folder.pgdata)).toBe(false);
  });

  it('keeps complete files', async () => {
    const folder = await openDataFolder(path);
    await mkdir(folder.pgdata);
    await folder.markComplete();
    folder.release();
    (await openDataFolder(path)).release();
    expect(existsSync(folder.pgdata)).toBe(true);
  });

  it('keeps files from elsewhere', async () => {
    await mkdir(join(path, 'pgdata'), { recursive: true });
    await writeFile(join(path, 'pgdata', 'PG_VERSION'), '18\n');
    (await openDataFolder(path)).release();
    expect(existsSync(join(path, 'pgdata', 'PG_VERSION'))).toBe(true);
  });

  it.each([
    ['a file', (file: string) => file, 'unable to open database file'],
    ['below a file', (file: string) => join(file, 'a', 'b'), 'ENOTDIR'],
    ['where no folder can be', () => '/proc/cruddur/data', 'ENOENT'],
  ])('cannot be %s', async (_what, pathOf, reason) => {
    await writeFile(path, '');
    await expect(openDataFolder(pathOf(path))).rejects.toThrow(
      `DATA_DIR must be a folder that can be created and written: ${pathOf(path)} is not (${reason})`,
    );
  });
});
