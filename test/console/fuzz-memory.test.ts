import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { useNodeProcesses } from '../helpers/node-process.ts';
import { ROOT } from '../helpers/service.ts';
import { until } from '../helpers/until.ts';

/** A journal of 64 MB, and a body of 20 MB in the forms that it takes until it is refused: protobuf is decoded as far as that. */
const MAX_RSS_MB = 512;
const BODY_BYTES = 20 * 1024 * 1024 - 1000;
const CONNECTIONS = 10_000;

const startNode = useNodeProcesses();

async function launch() {
  const { child, printed } = startNode(
    ['--disable-warning=ExperimentalWarning', join(ROOT, 'src/console/main.ts')],
    { cwd: ROOT, environment: { CONSOLE_PORT: '0', CONSOLE_XRAY_PORT: '0' } },
  );
  const [, url = ''] = await printed(/console {3}(\S+)\n/);
  return {
    url,
    port: Number(new URL(url).port),
    /** The most memory that the process has had, where the system tells: elsewhere 0. */
    peakRssMb(): number {
      if (process.platform !== 'linux') return 0;
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
    },
  };
}

async function sendItem(url: string): Promise<number> {
  const headers = { 'x-rollbar-access-token': 'token' };
  const response = await fetch(`${url}/api/1/item/`, {
    method: 'POST',
    headers,
    body: '{"data":{"body":{}}}',
  });
  return response.status;
}

/** As many copies of `unit` as make a body, in gzip some hundred kilobytes. */
function repeated(before: string, unit: string, after: string): Buffer {
  const count = Math.floor(BODY_BYTES / unit.length) - 1;
  return gzipSync(before + unit.repeat(count) + unit.replace(/,$/, '') + after, { level: 1 });
}

/** Empty spans in protobuf, two bytes each. */
function protobufSpans(): Buffer {
  const field = (number: number, content: Buffer) => {
    const size = [];
    for (let rest = content.length; ; rest >>>= 7) {
      size.push(rest > 127 ? (rest & 127) | 128 : rest);
      if (rest <= 127) break;
    }
    return Buffer.concat([Buffer.from([(number << 3) | 2, ...size]), content]);
  };
  const spans = Buffer.alloc(BODY_BYTES & ~1, Buffer.from([0x12, 0]));
  return gzipSync(field(1, field(2, spans)), { level: 1 });
}

describe.concurrent('the process of the console stays within its memory', () => {
  it('when small bodies unfold to millions of values', async () => {
    const { url, peakRssMb } = await launch();
    const bombs: [path: string, body: Buffer, contentType?: string][] = [
      ['/v1/traces', repeated('{"resourceSpans":[{"scopeSpans":[{"spans":[', '{},', ']}]}]}')],
      ['/v1/logs', repeated('{"resourceLogs":[', '[],', ']}')],
      ['/v1/traces', protobufSpans(), 'application/x-protobuf'],
      ['/api/1/item/', repeated('{"data":{"body":{"x":[', '1,', ']}}}')],
    ];
    for (const [path, body, contentType = 'application/json'] of bombs) {
      expect(body.length).toBeLessThan(200_000);
      const headers = {
        'content-type': contentType,
        'content-encoding': 'gzip',
        'x-rollbar-access-token': 'token',
      };
      const response = await fetch(url + path, { method: 'POST', headers, body: new Uint8Array(body) });
      expect(response.status).toBe(413);
      expect(await response.text()).toContain('more than 1000000 values');
    }
    expect(await sendItem(url)).toBe(200);
    expect(peakRssMb()).toBeLessThan(MAX_RSS_MB);
  });

  it(`when ${CONNECTIONS} connections are opened, and held by whoever may`, async () => {
    const { url, port, peakRssMb } = await launch();
    const sockets: Socket[] = [];
    for (let opened = 0; opened < CONNECTIONS; opened += 500) {
      const batch = Array.from({ length: 500 }, () => connect(port, '127.0.0.1').on('error', () => {}));
      sockets.push(...batch);
      await Promise.all(
        batch.map((socket) => Promise.race([once(socket, 'connect'), once(socket, 'close')])),
      );
      // Half a head: what a server waits for longest.
      for (const socket of batch) socket.write('POST /v1/traces HTTP/1.1\r\nHost: loc');
    }
    expect(peakRssMb()).toBeLessThan(MAX_RSS_MB);

    for (const socket of sockets) socket.destroy();
    await until(async () => (await sendItem(url).catch(() => 0)) === 200);
  });
});
