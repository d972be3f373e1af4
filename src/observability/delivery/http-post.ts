import http, { type IncomingHttpHeaders } from 'node:http';
import https from 'node:https';
import type { SecureContextOptions } from 'node:tls';
import { readBounded } from './read-bounded.ts';

export interface HttpPostOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** For the whole exchange, from the DNS lookup to the last byte of the response. */
  readonly timeoutMs: number;
  readonly maxConnections: number;
  /** The response body is read up to this size; the rest is discarded. */
  readonly maxAnswerBytes: number;
  /** Certificates that replace the system's, for https. */
  readonly tls?: Pick<SecureContextOptions, 'ca' | 'cert' | 'key'>;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/**
 * Returns a function that posts to one URL over keep-alive connections, which do not keep the process alive.
 * It resolves with any response, redirects included. It rejects on network errors and after the time limit.
 * `more` holds headers of that request alone.
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
