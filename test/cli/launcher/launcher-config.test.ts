import { describe, expect, it } from 'vitest';
import { readLauncherConfig } from '../../../src/cli/launcher/launcher-config.ts';

const DATABASE_URL = 'postgres://127.0.0.1:1/none';

describe('the configuration of npm start', () => {
  it.each([
    [{}, false, './data'],
    [{ DATABASE_URL: ' ', DATA_DIR: '' }, false, './data'],
    [{ DATABASE_URL, DATA_DIR: '/tmp/cruddur' }, true, '/tmp/cruddur'],
  ])('reads %o', (given, hasDatabaseUrl, dataDir) => {
    const launcher = readLauncherConfig(given);
    expect(launcher).toMatchObject({ hasDatabaseUrl, dataDir });
    expect(launcher.environmentWith({ PORT: '1' })).toMatchObject({ ...given, PORT: '1' });
  });

  it('sends spans every half second, by default', () => {
    expect(readLauncherConfig({}).environmentWith({})).toEqual({ OTEL_BSP_SCHEDULE_DELAY: '500' });
    const given = { OTEL_BSP_SCHEDULE_DELAY: '5000' };
    expect(readLauncherConfig(given).environmentWith({})).toEqual(given);
  });

  it('leaves the port of a configured daemon free, by default', () => {
    const xray = {
      daemon: { udp: { host: '::1', port: 2000 }, tcp: { host: '::1', port: 2000 } },
      namePattern: undefined,
    };
    expect(readLauncherConfig({}).consoleEnvironment({ xray: undefined })).toEqual({});
    expect(readLauncherConfig({}).consoleEnvironment({ xray })).toEqual({ CONSOLE_XRAY_PORT: '0' });
    const given = { CONSOLE_XRAY_PORT: '2001' };
    expect(readLauncherConfig(given).consoleEnvironment({ xray })).toEqual(given);
  });
});
