import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../helpers/app/service.ts';
import { type FaultyServer, startFaultyServer } from '../helpers/network/faulty-server.ts';
import { AUTHORITY, type ForwardProxy, startForwardProxy } from '../helpers/network/forward-proxy.ts';
import { useNodeProcesses } from '../helpers/process/node-process.ts';

const startNode = useNodeProcesses();
let receiver: FaultyServer;
let proxy: ForwardProxy;
beforeAll(async () => {
  receiver = await startFaultyServer('ok');
  proxy = await startForwardProxy(receiver.url);
});
afterAll(async () => {
  await Promise.all([receiver.close(), proxy.close()]);
});

/** Runs code with the ways out of `environment`, where `fetch` and Node's `get` report how they fared. */
function run(code: string, environment: Readonly<Record<string, string>>) {
  const script = `
    const { readConfigWithoutDatabase } = await import('${ROOT}/src/config/config.ts');
    const { openWaysOut } = await import('${ROOT}/src/lifecycle/ways-out.ts');
    const https = await import('node:https');
    const get = (url) => new Promise((done) => https.get(url, ({ statusCode }) => done(statusCode)).on('error', ({ code }) => done(code)));
    const ask = (url) => fetch(url).then(({ status }) => status, ({ cause }) => cause.code ?? cause.message);
    openWaysOut(readConfigWithoutDatabase({ ...process.env, ...${JSON.stringify(environment)} }));
    process.stdout.write(JSON.stringify([${code}]));
    process.exit();`;
  return startNode(['--input-type=module', '-e', script], { cwd: tmpdir(), environment: {} }).ended;
}

describe.concurrent('the ways out', () => {
  it('lead fetch and the global agents through the proxies, and to this machine directly', async () => {
    const code = `await ask('http://a.test/'), await ask('https://api.honeycomb.io/'), await get('https://api.rollbar.com/'), await ask('${receiver.url}')`;
    const address = `127.0.0.1:${proxy.port}`;
    const variables = { HTTP_PROXY: address, HTTPS_PROXY: address, NODE_EXTRA_CA_CERTS: AUTHORITY };
    expect(await run(code, variables)).toMatchObject({ stdout: '[200,200,200,200]', stderr: '' });
    // `fetch` asks for a tunnel also where the address is http://.
    expect(proxy.targets()).toEqual(
      expect.arrayContaining([
        'CONNECT a.test:80',
        'CONNECT api.honeycomb.io:443',
        'CONNECT api.rollbar.com:443',
      ]),
    );
  });

  it('trust an authority that Node.js did not see when it started', async () => {
    const variables = { HTTPS_PROXY: `127.0.0.1:${proxy.port}`, NO_PROXY: 'a.test' };
    const code = `await get('https://api.honeycomb.io/'), await ask('https://api.honeycomb.io/')`;
    expect((await run(code, variables)).stdout).toMatch(/^\["UNABLE_TO/);
    expect((await run(code, { ...variables, NODE_EXTRA_CA_CERTS: AUTHORITY })).stdout).toBe('[200,200]');
  });
});
