import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataFolderInUse, openDataFolder } from '../../../src/db/embedded/data-folder.ts';

describe('the data folder', () => {
  let path: string;

  beforeEach(async () => {
    path = join(await mkdtemp(join(tmpdir(), 'cruddur-folder-')), 'data');
  });
  afterEach(() => rm(join(path, '..'), { recursive: true }));

  it('is made where it is missing', async () => {
    const folder = await openDataFolder(path);
    expect(existsSync(path)).toBe(true);
    expect(existsSync(folder.pgdata)).toBe(false);
    folder.release();
  });

  it('belongs to one at a time', async () => {
    const folder = await openDataFolder(path);
    await expect(openDataFolder(path)).rejects.toThrow(DataFolderInUse);
    folder.release();
    (await openDataFolder(path)).release();
  });

  it('is made anew after a first start that was cut short', async () => {
    const folder = await openDataFolder(path);
    await mkdir(folder.pgdata);
    folder.release();
    (await openDataFolder(path)).release();
    expect(existsSync(folder.pgdata)).toBe(false);
  });

  it('keeps files that were complete once', async () => {
    const folder = await openDataFolder(path);
    await mkdir(folder.pgdata);
    await folder.markComplete();
    folder.release();
    (await openDataFolder(path)).release();
    expect(existsSync(folder.pgdata)).toBe(true);
  });

  it('keeps files that were put there by hand', async () => {
    await mkdir(join(path, 'pgdata'), { recursive: true });
    await writeFile(join(path, 'pgdata', 'PG_VERSION'), '18\n');
    (await openDataFolder(path)).release();
    expect(existsSync(join(path, 'pgdata', 'PG_VERSION'))).toBe(true);
  });

  it('cannot be a file', async () => {
    await writeFile(path, '');
    await expect(openDataFolder(path)).rejects.toThrow(/EEXIST|ENOTDIR/);
  });
});
