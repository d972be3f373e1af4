import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';

/** How a server responds. */
export type FaultMode =
  /** Reads the request and never answers. */
  | 'hang'
  /** Resets the connection when a request arrives. */
  | 'reset'
  /** 200, `null`. */
  | 'null'
  /** 200, a body that is not JSON. */
  | 'garbage'
  /** 200, an endless body. */
  | 'huge'
  /** Passes the request on to `healthy`, or answers 200 `{}`. */
  | 'ok'
  /** As `ok`, after `slow` milliseconds. */
  | { readonly slow: number }
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string };

/** Answers one request according to `mode`. `healthy` is the origin to which the mode `ok` passes it on. */
export function answerAs(
  mode: Exclude<FaultMode, 'hang' | 'reset'>,
  request: IncomingMessage,
  response: ServerResponse,
  healthy: string | undefined,
): void {
  if (mode === 'ok') {
    behave(request, response, healthy);
    return;
  }
  if (typeof mode === 'object' && 'slow' in mode) {
    const timer = setTimeout(() => behave(request, response, healthy), mode.slow);
    response.on('close', () => clearTimeout(timer));
    return;
  }
  request.resume();
  if (typeof mode === 'object') {
    response.writeHead(mode.status, mode.headers).end(mode.body);
    return;
  }
  response.writeHead(200, { 'content-type': 'application/json' });
  if (mode === 'huge') pour(response);
  else response.end(mode === 'null' ? 'null' : '<html>It works!</html>');
}

function behave(request: IncomingMessage, response: ServerResponse, healthy: string | undefined): void {
  if (!healthy) {
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    return;
  }
  const upstream = httpRequest(
    new URL(request.url ?? '/', healthy),
    { method: request.method, headers: request.headers, agent: false },
    (answered) => {
      response.writeHead(answered.statusCode ?? 502, answered.headers);
      answered.pipe(response);
    },
  );
  upstream.on('error', () => response.destroy());
  request.pipe(upstream);
}

function pour(response: ServerResponse): void {
  const chunk = Buffer.alloc(64 * 1024, '{"a":');
  const write = () => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on('drain', write);
  write();
}
