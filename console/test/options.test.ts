import { expect, it } from 'vitest';
import { readOptions } from '../src/options.ts';

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
