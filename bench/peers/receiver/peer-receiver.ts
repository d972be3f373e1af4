import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { acknowledge, type Rule } from '../../cost/start-receiver.ts';
import { addItems, countItems, type Items } from './count-items.ts';

/** What arrived at a receiver since it was last asked. */
export interface Arrived {
  readonly bytes: number;
  /** Empty unless items are counted. */
  readonly items: Items;
}

export const NOTHING: Arrived = { bytes: 0, items: {} };

export interface PeerReceiver {
  readonly port: number;
  /** Returns what arrived since the last call. From now on, items are counted if `countsItems`. */
  take(countsItems: boolean): Arrived;
}

/** Starts the back end of any agent on a free port, by HTTP and by UDP. It counts items at first. */
export async function startPeerReceiver(rule: Rule): Promise<PeerReceiver> {
  let bytes = 0;
  let items: Items = {};
  let countsItems = true;
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    if (!body) return;
    bytes += body.length;
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer(request, rule)));
    if (countsItems) addItems(items, countItems(request.url ?? '', request.headers, body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const daemon = createSocket('udp4').bind(port, '127.0.0.1');
  daemon.on('message', (datagram) => {
    bytes += datagram.length;
    if (countsItems) addItems(items, { 'X-Ray segments': 1 });
  });
  await once(daemon, 'listening');
  return {
    port,
    take(counts) {
      const taken = { bytes, items };
      bytes = 0;
      items = {};
      countsItems = counts;
      return taken;
    },
  };
}

/** Resolves with undefined if the agent ends before its request: elastic-apm-node keeps one open for 10 s. */
function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  return request.toArray().then(
    (chunks: Buffer[]) => Buffer.concat(chunks),
    () => undefined,
  );
}

/** Returns the answers that make an agent send everything, which the service's own back ends do not need. */
function answer(request: IncomingMessage, rule: Rule): object {
  if (request.url === '/info') return { endpoints: ['/v0.4/traces'], client_drop_p0s: false };
  if (request.url?.endsWith('/traces')) return { rate_by_service: { 'service:,env:': 1 } };
  // CloudWatch Logs is sent to the same path by POST.
  if (request.url === '/' && request.method === 'GET') return { version: '9.2.0', publish_ready: true };
  return acknowledge(request, rule);
}
