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
/** How long a client may go on sending a body that was refused, so that it gets to read the answer. */
const LINGER_MS = 2000;

export interface ResponderOptions {
  readonly receivers: readonly HttpReceiver[];
  readonly journal: Journal;
  readonly bodies: BodyReader;
  /** Names that `Host` may hold beside addresses and `localhost`; `*.` stands for any subdomain. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** Answers what no receiver matches, reading the body itself; absent: 404. */
  readonly otherwise?: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
  /** Sees each request that was read whole, before it is answered. */
  readonly observe?: ((request: ReceivedRequest, protocol: Protocol) => void) | undefined;
}

/** Makes what answers requests: the host guard first, then the first receiver that matches, then `otherwise`. */
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
    send(request, response, await receive(receiver ?? nobody, head, request));
  };
}

const nobody: HttpReceiver = {
  protocol: 'unknown',
  matches: () => true,
  receive: ({ method, path }) => {
    throw new UnreadableInput(404, `nothing here speaks ${method} ${path.slice(0, 200)}`);
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
