import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import taskDefinition from '../../aws/json/task-definition.json' with { type: 'json' };
import { ROOT } from '../helpers/app/service.ts';
import { useNodeProcesses } from '../helpers/process/node-process.ts';

/** The arguments after `node`, of the images and of the task. */
const [ofConsole, ofApi, ofTask] = [
  ...[...readFileSync(join(ROOT, 'Dockerfile'), 'utf8').matchAll(/^ +CMD (\["node".*\])$/gm)].map(
    ([, command = '']): string[] => JSON.parse(command).slice(1),
  ),
  taskDefinition.containerDefinitions[0]?.healthCheck?.command.slice(2),
];

describe.each([
  ['the console', ofConsole, '/'],
  ['the API', ofApi, '/readyz'],
  ['the task', ofTask, '/livez'],
])('the health check of %s', (_name, check = [], path) => {
  const startNode = useNodeProcesses();
  let ready = true;
  const server = createServer(({ url }, response) => {
    response.writeHead(ready && url === path ? 200 : 503).end();
  });
  beforeAll(() => once(server.listen(0, '127.0.0.1'), 'listening'));
  afterAll(() => server.close());

  const run = (port = (server.address() as AddressInfo).port) => {
    const args = check.map((argument) => argument.replace(/456[78]/, String(port)));
    // A proxy that refuses; in lower case, it takes precedence.
    const proxy = {
      NODE_USE_ENV_PROXY: '1',
      HTTP_PROXY: 'http://127.0.0.1:1',
      http_proxy: 'http://127.0.0.1:1',
    };
    // `docker run --env-file` keeps quotes.
    const environment = { ...proxy, PORT: `"${port}"` };
    return startNode(args, { cwd: ROOT, environment }).ended;
  };

  it('asks without a proxy, and fails where the answer is not 200, or missing', async () => {
    expect(await run()).toMatchObject({ code: 0, stdout: '', stderr: '' });
    ready = false;
    const [notReady, refused] = await Promise.all([run(), run(1)]);
    expect(notReady).toMatchObject({ code: 1, stderr: '' });
    expect(refused).toMatchObject({ code: 1, stderr: '' });
  });
});
