import type { IncomingHttpHeaders } from 'node:http';

/** The wire protocols that the console speaks, and what came in none of them. */
export type Protocol = 'otlp' | 'xray' | 'cloudwatch-logs' | 'rollbar' | 'unknown';

/** The head of an HTTP request; `path` is without the query. */
export interface RequestHead {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** A whole HTTP request; `body` is decompressed. */
export interface ReceivedRequest extends RequestHead {
  readonly body: Buffer;
}

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly headers?: Record<string, string>;
  readonly body: string | Uint8Array;
}

/** One protocol over HTTP: which requests are its own, what it makes of them, how it says no. */
export interface HttpReceiver {
  readonly protocol: Protocol;
  matches(head: RequestHead): boolean;
  /** Keeps what arrived and answers as the real service does. Throws `Unreadable`. */
  receive(request: ReceivedRequest): Answer | Promise<Answer>;
  /** The protocol's own shape of an error, for the request of this head. */
  refuse(status: number, reason: string, head: RequestHead): Answer | Promise<Answer>;
}

/** What arrived cannot be read; `status` is the HTTP status that says so, the message is the reason. */
export class UnreadableInput extends Error {
  override readonly name = 'Unreadable';
  readonly status: number;

  constructor(status: number, reason: string) {
    super(reason);
    this.status = status;
  }
}

export function jsonAnswer(status: number, body: unknown, contentType = 'application/json'): Answer {
  return { status, contentType, body: JSON.stringify(body) };
}
