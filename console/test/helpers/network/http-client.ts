import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface AskOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
}

/** Sends one request with exactly these headers. `fetch` adds headers and cannot set `Host`. */
export function ask(url: string, { method, headers = {}, body }: AskOptions = {}): Promise<Answer> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const json = text === undefined ? {} : { 'content-type': 'application/json' };
  const options = {
    method: method ?? (text === undefined ? 'GET' : 'POST'),
    headers: { ...json, ...headers },
  };
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, options, async (response) => {
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        body: Buffer.concat(await response.toArray()).toString(),
      });
    });
    request.on('error', reject).end(text);
  });
}
