import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';

export type Protocol = 'otlp' | 'xray' | 'cloudwatch-logs' | 'rollbar';

/**
 * A request with its body decompressed. `path` is without the query; `json` is undefined for other bodies,
 * unless the protocol decodes them to the same form.
 */
export interface ReceivedRequest {
  readonly protocol: Protocol;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly json: unknown;
}

export interface Answer {
  readonly status: number;
  readonly body: object;
  readonly contentType?: string;
}

/** One protocol over HTTP. */
export interface HttpProtocol {
  readonly name: Protocol;
  matches(path: string, headers: IncomingHttpHeaders): boolean;
  /** Returns what the body is in JSON; undefined if it is JSON. Throws when it cannot be read. */
  decode?(body: Buffer, headers: IncomingHttpHeaders): unknown;
  /** Stores what arrived and returns the real service's answer. Throws when a service may not send this. */
  receive(request: ReceivedRequest): Answer;
  /** Returns the real service's answer to a request that `receive` could not read. */
  refuse(reason: string): Answer;
}

export interface HttpReceiverOptions {
  readonly protocols: readonly HttpProtocol[];
  onRequest(request: ReceivedRequest): void;
  /** Called with the reason for each request that could not be read. */
  onUnreadable(reason: string): void;
}

export interface Receiver {
  readonly port: number;
  close(): Promise<void>;
}

/** Starts an HTTP server for `protocols` on a free port of 127.0.0.1. */
export async function startHttpReceiver(options: HttpReceiverOptions): Promise<Receiver> {
  // Longer than the 5 s between the requests of most exporters.
  const server = createServer({ keepAliveTimeout: 30_000 }, async (request, response) => {
    const bytes = await buffer(request).catch(() => undefined);
    // The sender is gone, and nothing waits for an answer.
    if (bytes === undefined) return;
    const { status, body, contentType = 'application/json' } = answer(request, bytes, options);
    response
      .writeHead(status, { 'content-type': contentType })
      .end(Buffer.isBuffer(body) ? body : JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function answer(
  { method = '', url = '', headers }: IncomingMessage,
  bytes: Buffer,
  { protocols, onRequest, onUnreadable }: HttpReceiverOptions,
): Answer {
  const { pathname: path } = new URL(url, 'http://receiver');
  const protocol = protocols.find(({ matches }) => matches(path, headers));
  if (protocol === undefined) {
    // The doctor sends HEAD to read the clock of any answer.
    if (method !== 'HEAD') onUnreadable(`no protocol has ${method} ${path}`);
    return { status: 404, body: {} };
  }
  try {
    const body = headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
    const request = {
      protocol: protocol.name,
      method,
      path,
      headers,
      body,
      json: protocol.decode?.(body, headers) ?? parseJson(body.toString()),
    };
    onRequest(request);
    if (method !== 'POST') throw new Error(`${path} is called with POST, not ${method}`);
    return protocol.receive(request);
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    onUnreadable(`${protocol.name}: ${reason}`);
    return protocol.refuse(reason);
  }
}

/** Returns undefined for text that is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
