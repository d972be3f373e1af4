import { connect, type Socket } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ConsoleStatus } from '../../src/api/types.ts';
import { until } from '../helpers/until.ts';
import { useMeasuredConsole } from './measured-console.ts';
import { oversizedBodies } from './oversized-bodies.ts';

const MB = 1024 * 1024;
const MEMORY_MB = 16;
/** The process has 100 MB at its start, and up to 250 MB while it reads the largest body. */
const MAX_RSS_MB = 400;
const CONNECTIONS = 10_000;
const TOKEN = { 'x-rollbar-access-token': 'token' };
const ITEM = '{"data":{"body":{}}}';

/** Its one connection is opened before all others. */
const { ask, rssMb, url } = useMeasuredConsole(MEMORY_MB, 1);

async function post(path: string, body: string | Buffer, headers?: Record<string, string>): Promise<number> {
  return (await ask('POST', path, body, headers)).status;
}

async function status(): Promise<ConsoleStatus> {
  return JSON.parse((await ask('GET', '/api/status')).text);
}

async function logs(operation: string, input: object): Promise<void> {
  const headers = { 'x-amz-target': `Logs_20140328.${operation}` };
  expect(await post('/', JSON.stringify({ ...input, logGroupName: 'g' }), headers)).toBe(200);
}

describe('bodies that are larger in memory than on the wire', () => {
  it.each(oversizedBodies())('are refused and counted: $what', async ({ to, body, encoding, ...answer }) => {
    const headers = { ...to.headers, ...(encoding && { 'content-encoding': encoding }) };
    expect(await post(to.path, body, headers)).toBe(answer.status);
    expect((await status()).unread.at(-1)?.reason).toMatch(answer.reason);
    expect(rssMb()).toBeLessThan(MAX_RSS_MB);
  });
});

describe('a full journal', () => {
  const timestamp = Date.now();
  const id = (n: number) => n.toString(16).padStart(32, '0');
  beforeAll(() => logs('CreateLogGroup', {}));

  it.each([
    ['many traces', 4, 8000, (n: number) => `trace_id=${id(n)}`],
    ['one trace', 20, 500, () => `trace_id=${id(1)} ${'x'.repeat(1800)}`],
    ['lines of 1 MB', 20, 1, () => 'é'.repeat(MB / 2 - 100)],
  ] as const)('takes no more memory than its size: %s', async (name, batches, size, message) => {
    await logs('CreateLogStream', { logStreamName: name });
    for (let batch = 1; batch <= batches; batch++) {
      const logEvents = Array.from({ length: size }, (_, n) => ({
        timestamp,
        message: message(batch * size + n),
      }));
      await logs('PutLogEvents', { logStreamName: name, logEvents });
    }
    const { memory } = await status();
    expect(memory.bytes).toBeLessThanOrEqual(memory.maxBytes);
    expect(memory.evicted).toBeGreaterThan(0);
    expect(rssMb()).toBeLessThan(MAX_RSS_MB);
  });
});

describe('ten thousand connections', () => {
  it('that stay open cost little memory and block other clients only briefly', async () => {
    const { hostname, port } = new URL(url());
    const sockets: Socket[] = [];
    let settled = 0;
    const beginnings = [
      '',
      'POST /v1/traces HTTP/1.1\r\nHost: ',
      'POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999\r\n\r\n{"',
    ];
    for (let n = 0; n < CONNECTIONS; n++) {
      const socket = connect(Number(port), hostname, () => {
        settled += 1;
        socket.write(beginnings[n % 3] ?? '');
      });
      socket.on('error', () => {
        settled += 1;
      });
      sockets.push(socket);
    }
    await until(() => settled >= CONNECTIONS, 25_000);

    expect(await post('/api/1/item/', ITEM, TOKEN)).toBe(200);
    expect((await status()).unread.map(({ reason }) => reason)).toContain('more than 2000 connections');
    expect(rssMb()).toBeLessThan(MAX_RSS_MB);
    for (const socket of sockets) socket.destroy();
    await until(async () => (await fetch(url())).ok);
  });
});
