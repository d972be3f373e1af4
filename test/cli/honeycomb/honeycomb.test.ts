import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createHoneycombApi } from '../../../src/cli/honeycomb/api.ts';
import { ensureBoard } from '../../../src/cli/honeycomb/ensure-board.ts';
import { type FaultMode, startFaultyServer } from '../../helpers/network/faulty-server.ts';
import { type ProxyMode, startForwardProxy } from '../../helpers/network/forward-proxy.ts';
import { freePort } from '../../helpers/network/free-port.ts';
import { useNodeProcesses } from '../../helpers/process/node-process.ts';
import { startHoneycombApi } from './honeycomb-api.ts';

const closers: (() => void)[] = [];
afterAll(() => {
  for (const close of closers) close();
});

async function startApi() {
  const api = await startHoneycombApi();
  closers.push(api.close);
  return api;
}

const startNode = useNodeProcesses();

function run(command: 'board' | 'marker', environment: Readonly<Record<string, string>>, ...args: string[]) {
  const path = join(import.meta.dirname, `../../../src/cli/honeycomb-${command}.ts`);
  return startNode([path, ...args], { cwd: tmpdir(), environment }).ended;
}

describe.concurrent('npm run honeycomb:board', () => {
  it('creates the board with its queries once, however often it runs', async () => {
    const api = await startApi();
    const first = await run('board', api.environment);
    expect(first).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(
        /^The board was created, 5 of its 5 queries are new: https:\/\/ui\.honeycomb\.io\/.*\n$/,
      ),
    });
    expect(api.annotations.map(({ name }) => name)).toEqual([
      'Cruddur: Requests and error rate',
      'Cruddur: Duration by route',
      'Cruddur: Slowest use cases',
      'Cruddur: Result lengths',
      'Cruddur: Exceptions',
    ]);
    const before = structuredClone(api.boards);
    expect(before[0]?.panels).toHaveLength(5);
    const second = await run('board', api.environment);
    expect(second.stdout).toMatch(/^The board is up to date, 0 of its 5 queries are new: https/);
    expect(api.boards).toEqual(before);
    expect([api.queries.length, api.annotations.length]).toEqual([5, 5]);
  });

  it('replaces a query that was changed, and keeps everything that is not its own', async () => {
    const api = await startApi();
    const client = createHoneycombApi({
      endpoint: api.environment.HONEYCOMB_API_ENDPOINT,
      key: api.environment.HONEYCOMB_CONFIGURATION_KEY,
    });
    await ensureBoard(client, 'backend-express');
    const [query, annotation, board] = [api.queries[0], api.annotations[0], api.boards[0]];
    if (query === undefined || annotation === undefined || board === undefined) throw new Error('no board');
    query.time_range = 60;
    api.annotations.push({ id: 'other', name: 'Mine', description: '', query_id: query.id });
    api.boards.push({ ...structuredClone(board), id: 'other', tags: [] });
    expect(await ensureBoard(client, 'backend-express')).toMatchObject({ isNew: false, newQueries: 1 });
    expect(api.annotations.map(({ id }) => id)).toContain('other');
    expect(api.annotations).toHaveLength(6);
    expect(api.annotations).not.toContain(annotation);
    expect(api.boards.map(({ id }) => id)).toEqual([board.id, 'other']);
    expect(api.boards[0]?.panels[0]?.query_panel.query_id).toBe(api.queries.at(-1)?.id);
  });

  it('prints its requests with --dry-run and sends none, without a key', async () => {
    const environment = {
      HONEYCOMB_API_ENDPOINT: 'http://127.0.0.1:1',
      OTEL_SERVICE_NAME: '2nd Cruddur_API',
    };
    const { code, stdout } = await run('board', environment, '--dry-run');
    expect(code).toBe(0);
    expect(stdout.match(/^(?:GET|POST) .*/gm)).toEqual(
      expect.arrayContaining([
        'GET http://127.0.0.1:1/1/query_annotations/2nd-cruddur_api',
        'POST http://127.0.0.1:1/1/queries/2nd-cruddur_api',
        'POST http://127.0.0.1:1/1/boards',
      ]),
    );
    expect(stdout).toContain('"value": "s2nd-cruddur-api"');
  });

  it('exits with 78 without a key, and with 1 and one line for a wrong key', async () => {
    const api = await startApi();
    const [none, wrong] = await Promise.all([
      run('board', {}),
      run('board', { ...api.environment, HONEYCOMB_CONFIGURATION_KEY: 'hush-ingest-key' }),
    ]);
    expect(none).toMatchObject({
      code: 78,
      stderr: expect.stringContaining('HONEYCOMB_CONFIGURATION_KEY must be set'),
    });
    expect(wrong).toMatchObject({ code: 1, stdout: '' });
    expect(wrong.stderr).toMatch(/^GET \/1\/columns.* answered 401: .*not an ingest key.*EU.*\[key\].*\n$/);
    expect(wrong.stderr).not.toContain('hush');
  });
});

describe.concurrent('npm run honeycomb:marker', () => {
  it('marks a deploy of this version, or the event of its flags', async () => {
    const api = await startApi();
    const url = 'https://ci.example.com/42';
    const [plain, told] = await Promise.all([
      run('marker', { ...api.environment, OTEL_RESOURCE_ATTRIBUTES: 'service.version=1.2.3' }),
      run('marker', api.environment, '--message', 'rollback', '--type', 'rollback', '--url', url),
    ]);
    expect(plain.stdout).toBe('backend-express has a marker of type deploy: backend-express 1.2.3\n');
    expect(told.stdout).toBe('backend-express has a marker of type rollback: rollback\n');
    expect(api.markers).toHaveLength(2);
    expect(api.markers).toContainEqual(
      expect.objectContaining({ message: 'backend-express 1.2.3', type: 'deploy' }),
    );
    expect(api.markers).toContainEqual(
      expect.objectContaining({ message: 'rollback', type: 'rollback', url }),
    );
  });
});

describe.concurrent('the error for a Honeycomb API', () => {
  async function failureAt(mode: FaultMode): Promise<string> {
    const server = await startFaultyServer(mode);
    const failure = await ensureBoard(
      createHoneycombApi({ endpoint: server.url, key: 'hush' }),
      'some',
    ).catch((error: Error) => error.message);
    await server.close();
    return String(failure);
  }

  it.each<[FaultMode, RegExp]>([
    [{ status: 403, body: '{"error":"no"}' }, /permission "Manage Queries and Columns" \(no\)$/],
    [{ status: 404 }, /the key's environment has no dataset some: .*doctor/],
    [{ status: 429, headers: { 'retry-after': '30' } }, /rate limit is exceeded: try again after 30$/],
    [{ status: 503, body: 'hush' }, /Honeycomb has a problem: try again later$/],
    [{ status: 302, headers: { location: 'http://127.0.0.1:1/' } }, /answered 302/],
    [
      { status: 422, body: '{"error":"hush","type_detail":[{"field":"op","description":"is wrong"}]}' },
      /rejects this request \(\[key\]; op is wrong\)$/,
    ],
    ['garbage', /another service, not Honeycomb, answers at 127\.0\.0\.1:\d+$/],
    ['null', /does not match Honeycomb's API/],
    ['reset', /^127\.0\.0\.1:\d+ cannot be reached: /],
  ])('that answers with %j', async (mode, message) => {
    const failure = await failureAt(mode);
    expect(failure).toMatch(message);
    expect(failure).not.toMatch(/hush|\n/);
  });

  it('that is down', async () => {
    const endpoint = `http://127.0.0.1:${await freePort()}`;
    await expect(ensureBoard(createHoneycombApi({ endpoint, key: 'hush' }), 'some')).rejects.toThrow(
      /cannot be reached: .*ECONNREFUSED/,
    );
  });
});

describe.concurrent('behind a proxy', () => {
  it.each<[ProxyMode, string]>([
    ['close', 'the proxy closed the connection without an answer'],
    [{ status: 407 }, 'the proxy answered 407'],
  ])('that does %j, a command ends with its words after one connection', async (mode, words) => {
    const proxy = await startForwardProxy('http://127.0.0.1:1', mode);
    const environment = {
      HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`,
      HONEYCOMB_CONFIGURATION_KEY: 'hush',
    };
    const { code, stderr } = await run('marker', environment, '--message', 'x');
    expect({ code, stderr }).toEqual({ code: 1, stderr: `api.honeycomb.io cannot be reached: ${words}\n` });
    expect(proxy.targets()).toEqual(['CONNECT api.honeycomb.io:443']);
    await proxy.close();
  });
});
