import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpPost, type HttpPostOptions } from '../../../src/observability/delivery/http-post.ts';
import { startFaultyServer, startTcpBlackHole } from '../../helpers/network/faulty-server.ts';
import { freePort } from '../../helpers/network/free-port.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function serve(listener: RequestListener): Promise<{ url: string; server: Server }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/item?x=1`, server };
}

function post(url: string, options: Partial<HttpPostOptions> = {}) {
  return createHttpPost({
    url,
    headers: { 'Content-Type': 'application/json' },
    timeoutMs: 5000,
    maxConnections: 1,
    maxAnswerBytes: 1000,
    ...options,
  });
}

describe('createHttpPost', () => {
  it('sends the body, its length and the headers, and resolves with the whole response', async () => {
    const { url } = await serve((request, response) => {
      const { method, url, headers } = request;
      let body = '';
      request.setEncoding('utf8').on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        response.writeHead(418, { 'x-kind': 'teapot' });
        response.end(
          JSON.stringify({
            method,
            url,
            length: headers['content-length'],
            type: headers['content-type'],
            body,
          }),
        );
      });
    });
    const answer = await post(url)(Buffer.from('{"a":"é"}'));
    expect(answer).toMatchObject({ status: 418, headers: { 'x-kind': 'teapot' } });
    expect(JSON.parse(answer.body)).toEqual({
      method: 'POST',
      url: '/item?x=1',
      length: '10',
      type: 'application/json',
      body: '{"a":"é"}',
    });
  });

  it('reuses its connection', async () => {
    let connections = 0;
    const { url, server } = await serve((_request, response) => response.end('ok'));
    server.on('connection', () => {
      connections += 1;
    });
    const send = post(url);
    for (let n = 0; n < 3; n += 1) await send(Buffer.from('{}'));
    expect(connections).toBe(1);
  });

  it('follows no redirect', async () => {
    const { url } = await serve((_request, response) =>
      response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(),
    );
    expect(await post(url)(Buffer.from('{}'))).toMatchObject({ status: 307, body: '' });
  });

  it('reads at most maxAnswerBytes of a response', async () => {
    const hostile = await startFaultyServer('huge');
    closers.push(hostile.close);
    const { body } = await post(hostile.url, { maxAnswerBytes: 1000 })(Buffer.from('{}'));
    expect(body.length).toBeLessThan(200_000);
  });

  it('rejects after the time limit: without a response, and with an endless response', async () => {
    const hole = await startTcpBlackHole();
    closers.push(hole.close);
    const { url } = await serve((_request, response) => response.write('begun'));
    for (const address of [`http://127.0.0.1:${hole.port}/`, url]) {
      await expect(post(address, { timeoutMs: 100 })(Buffer.from('{}'))).rejects.toThrow(
        'no answer within 100 ms',
      );
    }
  });

  it('rejects when the connection is refused, reset, or closed in the middle of the response', async () => {
    const hostile = await startFaultyServer('reset');
    closers.push(hostile.close);
    const { url } = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('begun');
      setImmediate(() => response.destroy());
    });
    for (const address of [`http://127.0.0.1:${await freePort()}/`, hostile.url, url]) {
      await expect(post(address)(Buffer.from('{}'))).rejects.toThrow(
        /ECONNREFUSED|ECONNRESET|hang up|aborted/,
      );
    }
  });
});
