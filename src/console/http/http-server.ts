import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Journal } from '../journal/journal.ts';
import { readBody } from './read-body.ts';
import {
  type Answer,
  type HttpReceiver,
  jsonAnswer,
  type Protocol,
  type ReceivedRequest,
  type RequestHead,
  Unreadable,
} from './receiver.ts';

export interface HttpServerOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly receivers: readonly HttpReceiver[];
  readonly journal: Journal;
  /** Answers what no receiver matches, reading the body itself; absent: 404. */
  readonly otherwise?: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
  /** Sees each request that was read whole, before it is answered. */
  readonly observe?: ((request: ReceivedRequest, protocol: Protocol) => void) | undefined;
}

export interface HttpServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves several receivers on one port: the first that matches takes the request. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const server = createServer({ requestTimeout: 30_000 }, (request, response) => {
    void respond(options, request, response);
  });
  server.on('clientError', (error, socket) => {
    if (!socket.writable) return;
    options.journal.couldNotRead('unknown', `not HTTP: ${error.message}`, '');
    socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
  });
  await listen(server, options.host, options.port);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function respond(options: HttpServerOptions, request: IncomingMessage, response: ServerResponse) {
  const head = headOf(request);
  const found = options.receivers.find((candidate) => candidate.matches(head));
  if (!found && options.otherwise) return options.otherwise(request, response);
  const receiver = found ?? nobody;
  let answer: Answer;
  let sample = '';
  try {
    const body = await readBody(request);
    sample = body.toString('utf8', 0, 2000);
    options.observe?.({ ...head, body }, receiver.protocol);
    answer = receiver.receive({ ...head, body });
  } catch (error) {
    const { status, message } = error instanceof Unreadable ? error : new Unreadable(500, String(error));
    options.journal.couldNotRead(receiver.protocol, message, sample);
    answer = receiver.refuse(status, message);
    if (status === 405) response.setHeader('allow', 'POST');
    if (!request.complete) response.setHeader('connection', 'close');
  }
  response.writeHead(answer.status, {
    ...answer.headers,
    'content-type': answer.contentType,
    'content-length': Buffer.byteLength(answer.body),
  });
  response.end(answer.body);
}

const nobody: HttpReceiver = {
  protocol: 'unknown',
  matches: () => true,
  receive: ({ method, path }) => {
    throw new Unreadable(404, `nothing here speaks ${method} ${path.slice(0, 200)}`);
  },
  refuse: (status, message) => jsonAnswer(status, { message }),
};

function headOf(request: IncomingMessage): RequestHead {
  const url = request.url ?? '/';
  const query = url.indexOf('?');
  return {
    method: request.method ?? 'GET',
    path: query < 0 ? url : url.slice(0, query),
    headers: request.headers,
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}
