/**
 * Passes on what an X-Ray daemon passes on, unsigned: segments from UDP to PutTraceSegments, in batches, and what comes
 * over TCP as it is. It is no proof of the daemon, and lets the other containers be tested without it.
 */
import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';

const { Endpoint: endpoint } = JSON.parse(readFileSync('/etc/amazon/xray/cfg.yaml', 'utf8'));
const MAX_WAITING = 10_000;
const waiting: string[] = [];

async function sendBatch(): Promise<void> {
  const batch = waiting.slice(0, 50);
  if (batch.length === 0) return;
  const response = await fetch(`${endpoint}/TraceSegments`, {
    method: 'POST',
    body: JSON.stringify({ TraceSegmentDocuments: batch }),
  });
  if (response.ok) waiting.splice(0, batch.length);
}

async function send(): Promise<void> {
  await sendBatch().catch((error) => process.stderr.write(`${error}\n`));
  setTimeout(send, 100);
}

const udp = createSocket('udp4', (datagram) => {
  const text = datagram.toString();
  const document = text.slice(text.indexOf('\n') + 1);
  if (waiting.length < MAX_WAITING) waiting.push(document);
}).bind(2000, '0.0.0.0');

const tcp = createServer(async (request, response) => {
  try {
    const body = await buffer(request);
    const answer = await fetch(`${endpoint}${request.url}`, { method: 'POST', body });
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
  } catch {
    response.writeHead(502).end();
  }
}).listen(2000, '0.0.0.0');

process.on('SIGTERM', async () => {
  udp.close();
  tcp.close();
  await sendBatch().catch(() => {});
  process.exit();
});
await send();
