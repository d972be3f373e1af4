import http from 'node:http';
import https from 'node:https';
import type { ProxyEnvironment } from '../../../config/ways-out/proxy-variables.ts';
import {
  createHttpAgent,
  createHttpsAgent,
  type HttpAgentOptions,
} from '../../../observability/delivery/http-agent.ts';
import { readBounded } from '../../../observability/delivery/read-bounded.ts';

const TIMEOUT_MS = 3_000;
const MAX_BODY_BYTES = 4_000;

export interface ProbeTarget {
  readonly url: string;
  readonly tls?: HttpAgentOptions['tls'];
  readonly proxy?: ProxyEnvironment | undefined;
}

/** What answers at a URL. Its texts are for recognition, and are not printed. */
export interface HttpProbe {
  readonly status: number;
  readonly contentType: string;
  readonly location: string | undefined;
  /** Its own clock, in Unix milliseconds; NaN without a `Date` header. */
  readonly date: number;
  readonly body: string;
}

/**
 * Sends one request without credentials. Rejects where no HTTP response arrives within 3 s, the body
 * excepted, of which the first 4 kB are read.
 */
export function probeHttp({ url, tls, proxy }: ProbeTarget, method: 'HEAD' | 'POST'): Promise<HttpProbe> {
  const options = { maxConnections: 1, timeoutMs: TIMEOUT_MS, proxy, ...(tls && { tls }) };
  const isHttps = new URL(url).protocol === 'https:';
  const agent = isHttps ? createHttpsAgent(options) : createHttpAgent(options);
  const headers = method === 'POST' ? { 'Content-Type': 'application/json' } : {};
  const { promise, resolve, reject } = Promise.withResolvers<HttpProbe>();
  const request = (isHttps ? https : http).request(url, { method, agent, headers });
  const timer = setTimeout(() => request.destroy(new Error('no answer in time')), TIMEOUT_MS);
  request.on('error', reject);
  request.on('response', async (response) => {
    const { statusCode: status = 0, headers } = response;
    const body = await readBounded(response, MAX_BODY_BYTES).catch(() => Buffer.alloc(0));
    resolve({
      status,
      contentType: headers['content-type'] ?? '',
      location: headers.location,
      date: Date.parse(headers.date ?? ''),
      body: body.toString(),
    });
  });
  request.end(method === 'POST' ? '{}' : undefined);
  return promise.finally(() => {
    clearTimeout(timer);
    request.destroy();
    agent.destroy();
  });
}
