import { describe, expect, it } from 'vitest';
import { readLauncherConfig } from '../src/config.ts';

const DATABASE_URL = 'postgres://127.0.0.1:1/none';

describe('what npm start reads', () => {
  it.each([
    [{}, false, './data'],
    [{ DATABASE_URL: ' ', DATA_DIR: '' }, false, './data'],
    [{ DATABASE_URL, DATA_DIR: '/tmp/cruddur' }, true, '/tmp/cruddur'],
  ])('of %o', (given, hasDatabaseUrl, dataDir) => {
    const launcher = readLauncherConfig(given);
    expect(launcher).toMatchObject({ hasDatabaseUrl, dataDir });
    expect(launcher.environmentWith({ PORT: '1' })).toEqual({ ...given, PORT: '1' });
  });
});
