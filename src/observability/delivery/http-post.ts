import http, { type IncomingHttpHeaders } from 'node:http';
import https from 'node:https';
import type { SecureContextOptions } from 'node:tls';
import { readBounded } from './read-bounded.ts';

export interface HttpPostOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** For the whole exchange, from the look-up of the name to the last byte of the answer. */
  readonly timeoutMs: number;
  readonly maxConnections: number;
  /** The answer's body is read up to here; the rest is thrown away. */
  readonly maxAnswerBytes: number;
  /** Certificates in place of the system's own, for https. */
  readonly tls?: Pick<SecureContextOptions, 'ca' | 'cert' | 'key'>;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/**
 * Makes a function that posts to one address over kept connections, none of which holds the process. It resolves with
 * whatever was answered, redirects included, and rejects when nothing was: network errors and the time limit. `more` are
 * headers of the one request.
 */
export function createHttpPost(
  options: HttpPostOptions,
): (body: Buffer, more?: Readonly<Record<string, string>>) => Promise<HttpAnswer> {
  const { url, timeoutMs, maxAnswerBytes } = options;
  const client = url.startsWith('https:') ? https : http;
  const agent = new client.Agent({ keepAlive: true, maxSockets: options.maxConnections, ...options.tls });

  return (body, more) =>
    new Promise((resolve, reject) => {
      const headers = { ...options.headers, ...more, 'Content-Length': body.length };
      const request = client.request(url, { method: 'POST', agent, headers });
      const timer = setTimeout(() => {
        reject(new Error(`no answer within ${timeoutMs} ms`));
        request.destroy();
      }, timeoutMs).unref();
      request.on('socket', (socket) => socket.unref());
      request.on('error', reject);
      request.on('close', () => clearTimeout(timer));
      request.on('response', (response) => {
        const { statusCode: status = 0, headers } = response;
        readBounded(response, maxAnswerBytes).then(
          (body) => resolve({ status, headers, body: body.toString() }),
          reject,
        );
      });
      request.end(body);
    });
}
