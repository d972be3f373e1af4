import http, { type IncomingHttpHeaders } from 'node:http';
import https from 'node:https';
import {
  createHttpAgent,
  createHttpsAgent,
  type HttpAgentOptions,
  proxyAnswered,
  toProxyFault,
} from './http-agent.ts';
import { readBounded } from './read-bounded.ts';

export interface HttpPostOptions extends HttpAgentOptions {
  readonly url: string;
  /** Default: `POST`. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  /** For the whole exchange, from the DNS lookup to the last byte of the response. */
  readonly timeoutMs: number;
  /** The response body is read up to this size; the rest is discarded. */
  readonly maxAnswerBytes: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The same body, for an encoding that is not text. */
  readonly bytes: Buffer;
}

/**
 * Returns a function that posts to one URL over keep-alive connections, which do not keep the process alive.
 * It resolves with any response, redirects included. It rejects on network errors, after the time limit, and
 * where a proxy wants other credentials. `more` holds headers of that request alone.
 */
export function createHttpPost(
  options: HttpPostOptions,
): (body: Buffer, more?: Readonly<Record<string, string>>) => Promise<HttpAnswer> {
  const { url, method = 'POST', timeoutMs, maxAnswerBytes } = options;
  const isHttps = /^https:/i.test(url);
  const client = isHttps ? https : http;
  const agent = isHttps ? createHttpsAgent(options) : createHttpAgent(options);

  return (body, more) =>
    new Promise((resolve, reject) => {
      const headers = { ...options.headers, ...more, 'Content-Length': body.length };
      const request = client.request(url, { method, agent, headers });
      let answered = false;
      const timer = setTimeout(() => {
        reject(new Error(`no answer within ${timeoutMs} ms`));
        request.destroy();
      }, timeoutMs).unref();
      request.on('socket', (socket) => socket.unref());
      // An agent with a proxy makes the path a URL.
      const isProxied = request.path.startsWith('http:');
      request.on('error', (error) => reject(isProxied && !answered ? toProxyFault(error) : error));
      request.on('close', () => clearTimeout(timer));
      request.on('response', (response) => {
        const { statusCode: status = 0, headers } = response;
        answered = true;
        if (status === 407) reject(proxyAnswered(status));
        readBounded(response, maxAnswerBytes).then(
          (bytes) => resolve({ status, headers, body: bytes.toString(), bytes }),
          reject,
        );
      });
      request.end(body);
    });
}
