import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { startConsole } from '../../src/server.ts';

/** What a program sent: its HTTP requests with their bodies in base64, and its datagrams. */
export interface Capture {
  readonly requests: readonly {
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  }[];
  readonly datagrams: readonly string[];
}

/**
 * `node capture.ts NAME COMMAND…` runs the command against a console and writes its requests to NAME.json.
 */
const [name = '', command = '', ...args] = process.argv.slice(2);
const sinks = await startConsole();
const requests: Capture['requests'][number][] = [];
const datagrams: string[] = [];

const proxy = createServer(async (request, response) => {
  const { method, url = '/', headers } = request;
  const body = await buffer(request);
  const { host: _, connection: __, ...kept } = headers as Record<string, string>;
  requests.push({ path: url, headers: kept, body: body.toString('base64') });
  const forwarded = send(`${sinks.url}${url}`, { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(response);
  });
  forwarded.end(body);
});
await once(proxy.listen(0, '127.0.0.1'), 'listening');
const { port } = proxy.address() as AddressInfo;
const daemon = createSocket('udp4').on('message', (datagram) => datagrams.push(datagram.toString()));
await new Promise<void>((resolve) => daemon.bind(port, '127.0.0.1', resolve));

const variables = Object.entries(sinks.variables).map(([variable, value]) => [
  variable,
  value.replace(`:${sinks.httpPort}`, `:${port}`).replace(`:${sinks.xrayPort}`, `:${port}`),
]);
const client = spawn(command, args, {
  env: { ...process.env, ...Object.fromEntries(variables) },
  stdio: 'inherit',
});
await once(client, 'exit');
proxy.close();
daemon.close();
await sinks.close();
const file = new URL(`${name}.json`, import.meta.url);
writeFileSync(file, `${JSON.stringify({ requests, datagrams } satisfies Capture, null, 2)}\n`);
