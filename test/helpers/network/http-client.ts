import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** From the first byte sent to the last one received, in milliseconds. */
  readonly durationMs: number;
}

export interface AskOptions {
  readonly method?: string;
  /** A list is sent as that many headers. */
  readonly headers?: Readonly<Record<string, string | string[]>>;
  /** Sent as JSON. */
  readonly body?: unknown;
}

/** Connections are kept, as those of a browser or a load balancer are. */
const agent = new Agent({ keepAlive: true, maxSockets: 400 });

/** Sends one request, headers exactly as given, and resolves with the answer. */
export function ask(url: string, { method, headers = {}, body }: AskOptions = {}): Promise<Answer> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const json = text === undefined ? {} : { 'content-type': 'application/json' };
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      url,
      { method: method ?? (text === undefined ? 'GET' : 'POST'), agent, headers: { ...json, ...headers } },
      (response) => {
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
      },
    );
    request.on('error', reject);
    request.end(text);
  });
}

/** The trace id that an answer names, in the notation of OpenTelemetry. */
export function traceIdOf({ headers }: Answer): string {
  return String(headers.traceresponse).split('-')[1] ?? '';
}
