import type { IncomingHttpHeaders } from 'node:http';

/** The protocols that the console receives; `unknown` is for requests in none of them. */
export type Protocol = 'otlp' | 'xray' | 'cloudwatch-logs' | 'rollbar' | 'unknown';

/** The head of an HTTP request. `path` has no query. */
export interface RequestHead {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** A complete HTTP request. `body` is decompressed. */
export interface ReceivedRequest extends RequestHead {
  readonly body: Buffer;
}

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly headers?: Record<string, string>;
  readonly body: string | Uint8Array;
}

/** Receives one protocol over HTTP. */
export interface HttpReceiver {
  readonly protocol: Protocol;
  matches(head: RequestHead): boolean;
  /** Adds the content to the journal and responds as the real service does. Throws `UnreadableInput`. */
  receive(request: ReceivedRequest): Answer | Promise<Answer>;
  /** Returns an error in the format of the protocol. */
  refuse(status: number, reason: string, head: RequestHead): Answer | Promise<Answer>;
}

/** The input cannot be read. `status` is the HTTP status of the response, the message the reason. */
export class UnreadableInput extends Error {
  override readonly name = 'UnreadableInput';
  readonly status: number;

  constructor(status: number, reason: string) {
    super(reason);
    this.status = status;
  }
}

export function jsonAnswer(status: number, body: unknown, contentType = 'application/json'): Answer {
  return { status, contentType, body: JSON.stringify(body) };
}
