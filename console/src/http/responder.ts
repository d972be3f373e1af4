import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Journal } from '../journal/journal.ts';
import { createHostGuard } from './host-guard.ts';
import type { BodyReader } from './read-body.ts';
import {
  type Answer,
  type HttpReceiver,
  jsonAnswer,
  type Protocol,
  type ReceivedRequest,
  type RequestHead,
  UnreadableInput,
} from './receiver.ts';

const SAMPLE_BYTES = 2000;
/** How long a client may continue to send a refused body: many clients read the response only after that. */
const LINGER_MS = 2000;

export interface ResponderOptions {
  readonly receivers: readonly HttpReceiver[];
  readonly journal: Journal;
  readonly bodies: BodyReader;
  /** Names allowed in `Host` besides addresses and `localhost`. `*.` matches any subdomain. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** Handles requests that no receiver matches, and reads their bodies itself. Default: 404. */
  readonly otherwise?: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
  /** Is called with each complete request before the response. */
  readonly observe?: ((request: ReceivedRequest, protocol: Protocol) => void) | undefined;
}

/** Returns the request handler: the host guard, the first receiver that matches, then `otherwise`. */
export function createResponder(options: ResponderOptions) {
  const { receivers, journal, bodies, otherwise, observe } = options;
  const guard = createHostGuard(options.allowedHosts);

  async function receive(
    receiver: HttpReceiver,
    head: RequestHead,
    request: IncomingMessage,
  ): Promise<Answer> {
    let sample = '';
    try {
      return await bodies.read(request, (body) => {
        sample = body.toString('utf8', 0, SAMPLE_BYTES);
        observe?.({ ...head, body }, receiver.protocol);
        return receiver.receive({ ...head, body });
      });
    } catch (error) {
      const { status, message } =
        error instanceof UnreadableInput ? error : new UnreadableInput(500, String(error));
      journal.recordUnreadable(receiver.protocol, message, sample);
      return receiver.refuse(status, message, head);
    }
  }

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const head = headOf(request);
    const refusal = guard(request.headers);
    if (refusal) {
      journal.recordUnreadable('unknown', refusal, '');
      return send(request, response, jsonAnswer(403, { message: refusal }));
    }
    const receiver = receivers.find((candidate) => candidate.matches(head));
    if (!receiver && otherwise) return otherwise(request, response);
    send(request, response, await receive(receiver ?? noReceiver, head, request));
  };
}

const noReceiver: HttpReceiver = {
  protocol: 'unknown',
  matches: () => true,
  receive: ({ method, path }) => {
    throw new UnreadableInput(404, `no receiver for ${method} ${path.slice(0, 200)}`);
  },
  refuse: (status, message) => jsonAnswer(status, { message }),
};

function headOf({ url = '/', method = 'GET', headers }: IncomingMessage): RequestHead {
  const query = url.indexOf('?');
  return { method, path: query < 0 ? url : url.slice(0, query), headers };
}

function send(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const { status, contentType, headers, body } = answer;
  response.writeHead(status, {
    ...(status === 405 && { allow: 'POST' }),
    ...(status === 503 && { 'retry-after': '1' }),
    ...(status === 408 && { connection: 'close' }),
    ...headers,
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
  if (request.complete) return;
  request.resume();
  const cut = setTimeout(() => request.destroy(), LINGER_MS);
  request.once('close', () => clearTimeout(cut));
}
