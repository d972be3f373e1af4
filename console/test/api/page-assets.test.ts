import { once } from 'node:events';
import { connect } from 'node:net';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Console, startConsole } from '../../src/server.ts';
import { ask } from '../helpers/network/http-client.ts';

let console: Console;
beforeAll(async () => {
  console = await startConsole();
});
afterAll(() => console.close());

/** Returns the bytes of a response, still encoded. */
async function raw(
  path: string,
  headers: Record<string, string>,
): Promise<{ encoding: string | null; body: Buffer }> {
  const socket = connect(console.httpPort, '127.0.0.1');
  const lines = Object.entries({ Host: 'localhost', Connection: 'close', ...headers }).map((pair) =>
    pair.join(': '),
  );
  socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  await once(socket, 'close');
  const answer = Buffer.concat(chunks);
  const end = answer.indexOf('\r\n\r\n');
  const encoding = /^content-encoding: (.*)$/im.exec(answer.toString('latin1', 0, end))?.[1]?.trim() ?? null;
  const chunked = /^transfer-encoding: chunked/im.test(answer.toString('latin1', 0, end));
  if (chunked) throw new Error('an asset has a known length');
  return { encoding, body: answer.subarray(end + 4) };
}

describe('the page', () => {
  it.each(['/', '/trace/58406520a006649127e371903a2de979'])('is served at %s', async (path) => {
    const { status, headers, body } = await ask(console.url + path);
    expect({ status, type: headers['content-type'] }).toEqual({
      status: 200,
      type: 'text/html; charset=utf-8',
    });
    expect(body).toContain('<script type="module" src="/page/main.ts">');
  });

  it('loads only its own modules without types, its style sheets, and lit-html', async () => {
    const loaded = new Set<string>();
    const waiting = ['/'];
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      if (loaded.has(path)) continue;
      loaded.add(path);
      const { status, headers, body } = await ask(console.url + path);
      expect({ path, status }).toEqual({ path, status: 200 });
      if (path.endsWith('s') && !path.endsWith('.css')) {
        expect(headers['content-type']).toBe('text/javascript; charset=utf-8');
        expect(body).not.toMatch(/^(?:export )?(?:interface|type) \w+ (?:=|\{)/m);
      }
      const base = new URL(path, console.url);
      for (const [, target = ''] of body.matchAll(/(?:from |import |src=|href=)["']([./][^"']+)["']/g)) {
        const url = new URL(target, base);
        if (/\.(?:ts|js|css)$/.test(url.pathname)) waiting.push(url.pathname);
      }
    }
    expect([...loaded]).toEqual(
      expect.arrayContaining(['/page/main.ts', '/page/shell/base.css', '/lib/lit-html/lit-html.js']),
    );
  });

  it('is compressed as the browser accepts, and not sent again while it is unchanged', async () => {
    const plain = await raw('/page/main.ts', {});
    const br = await raw('/page/main.ts', { 'Accept-Encoding': 'gzip, deflate, br' });
    const gzip = await raw('/page/main.ts', { 'Accept-Encoding': 'gzip' });
    expect([plain.encoding, br.encoding, gzip.encoding]).toEqual([null, 'br', 'gzip']);
    expect(brotliDecompressSync(br.body)).toEqual(plain.body);
    expect(gunzipSync(gzip.body)).toEqual(plain.body);

    const { headers } = await ask(`${console.url}/page/main.ts`);
    const again = await ask(`${console.url}/page/main.ts`, {
      headers: { 'if-none-match': headers.etag ?? '' },
    });
    expect(again).toMatchObject({ status: 304, body: '' });
    const head = await ask(`${console.url}/page/main.ts`, { method: 'HEAD' });
    expect(head).toMatchObject({ status: 200, body: '' });
    expect(head.headers['content-length']).toBe(headers['content-length']);
  });

  it.each([
    '/page/../server.ts',
    '/page/%2e%2e/server.ts',
    '/page/..%2fserver.ts',
    '/page/tsconfig.json',
    '/page/none.ts',
    '/page/.ts',
    '/lib/lit-html/package.json',
    '/lib/lit-html/..%2f..%2fpackage.json',
    '/lib/express/index.js',
    '/src/console/main.ts',
  ])('serves nothing at %s', async (path) => {
    const { body } = await raw(path, {});
    expect(JSON.parse(body.toString())).toEqual({
      message: expect.stringMatching(/^no receiver for GET/),
    });
  });
});

describe('every response', () => {
  it.each(['/', '/page/main.ts', '/api/status', '/api/traces', '/api/live?', '/none'])(
    'forbids the browser to load from other hosts: %s',
    async (path) => {
      const { headers } = await fetch(console.url + path, { signal: AbortSignal.timeout(5000) });
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy.split(';').map((directive) => directive.trim())).toEqual(
        expect.arrayContaining([
          "default-src 'none'",
          "script-src 'self'",
          "connect-src 'self'",
          "frame-ancestors 'none'",
        ]),
      );
      expect(policy).not.toMatch(/unsafe|http|\*/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('x-powered-by')).toBeNull();
    },
  );
});
