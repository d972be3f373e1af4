import { expect, it } from 'vitest';
import { OptionsError, readOptions } from '../src/options.ts';

it.each([
  [{}, ['mine']],
  [
    { GITPOD_WORKSPACE_ID: 'w1', GITPOD_WORKSPACE_CLUSTER_HOST: 'ws-eu1.gitpod.io' },
    ['mine', '4568-w1.ws-eu1.gitpod.io'],
  ],
  [
    { CODESPACE_NAME: 'c1', GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN: 'app.github.dev' },
    ['mine', 'c1-4568.app.github.dev'],
  ],
])('in the workspace %o the allowed hosts are %j', (workspace, expected) => {
  const { allowedHosts } = readOptions({ ...workspace, CONSOLE_ALLOWED_HOSTS: 'mine' }, []);
  expect(allowedHosts).toEqual(expected);
});

it.each([
  ['4000', 4000],
  ['"4000"', 4000],
  [" '4000'\r\n", 4000],
  ['\u00a04000\u200b', 4000],
  [' ', 4568],
  ['""', 4568],
])('the port %j is %i', (text, port) => {
  expect(readOptions({ CONSOLE_PORT: text }, []).port).toBe(port);
});

it.each(['4_000', '0x11D7', '1e3', '4000.0', '４０００', '65536', '-1', 'http', '"4000'])(
  'the port %j is refused',
  (text) => {
    expect(() => readOptions({ CONSOLE_PORT: text, CONSOLE_XRAY_PORT: text }, [])).toThrow(
      new OptionsError(
        'invalid configuration (2 errors)\n  CONSOLE_PORT must be a whole number from 0 to 65535\n' +
          '  CONSOLE_XRAY_PORT must be a whole number from 0 to 65535',
      ),
    );
  },
);

it('the address that Kubernetes sets for a service called console is refused with the way out', () => {
  expect(() => readOptions({ CONSOLE_PORT: 'tcp://10.3.2.1:4568' }, [])).toThrow(
    '  CONSOLE_PORT must be a whole number from 0 to 65535; Kubernetes sets it for a service of this name: set it ' +
      'in the pod, or enableServiceLinks: false',
  );
});

it.each(['localhost:4568', 'http://localhost', 'a b', '*'])('the host %j is refused', (host) => {
  expect(() => readOptions({ CONSOLE_HOST: host }, [])).toThrow(
    'CONSOLE_HOST must be a host name or an address',
  );
});

it.each(['0.0.0.0', '::', 'localhost'])('the host %j is none that is refused', (host) => {
  expect(readOptions({ CONSOLE_HOST: `"${host}"` }, []).host).toBe(host);
});
