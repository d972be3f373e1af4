import { type Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** From the start of the request to the last byte of the answer, in milliseconds. */
  readonly durationMs: number;
}

export interface AskOptions {
  readonly method?: string;
  /** A list is sent as that many headers. */
  readonly headers?: Readonly<Record<string, string | string[]>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Holds the connections. Default: each request has a connection of its own. */
  readonly agent?: Agent;
}

/**
 * Sends one request with exactly these headers, and resolves with the answer. Connections are not kept by
 * default: a server closes an idle one after 5 s, and a request that leaves at that moment fails with "socket
 * hang up".
 */
export function ask(url: string, options: AskOptions = {}): Promise<Answer> {
  const { headers, body, agent = false } = options;
  const text = body === undefined ? undefined : JSON.stringify(body);
  const json = text === undefined ? {} : { 'content-type': 'application/json' };
  const { method = text === undefined ? 'GET' : 'POST' } = options;
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, agent, headers: { ...json, ...headers } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
          durationMs: performance.now() - start,
        }),
      );
    });
    request.on('error', reject);
    request.end(text);
  });
}

/** Returns the trace id of an answer in OpenTelemetry's notation. */
export function traceIdOf({ headers }: Answer): string {
  return String(headers.traceresponse).split('-')[1] ?? '';
}
