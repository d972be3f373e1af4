/** The signals of OTLP, as its paths name them. */
export type Signal = 'traces' | 'logs' | 'metrics';

/** What of a request was not taken, and why. */
export interface Rejection {
  readonly count: number;
  readonly reason: string;
}

/** The field of a response's `partialSuccess` that counts what was rejected. */
export const REJECTED = {
  traces: 'rejectedSpans',
  logs: 'rejectedLogRecords',
  metrics: 'rejectedDataPoints',
} as const satisfies Record<Signal, string>;

/** One of the two ways in which OTLP's messages are written. The fields of decoded messages have the names of JSON's. */
export interface Encoding {
  readonly contentType: string;
  /** Decodes an `Export…ServiceRequest`; throws `Unreadable` when the body is none. */
  decodeRequest(signal: Signal, body: Buffer): Record<string, unknown>;
  /** Encodes an `Export…ServiceResponse`. */
  encodeResponse(signal: Signal, rejection?: Rejection): string | Uint8Array;
  /** Encodes a `google.rpc.Status`, which says why a request was refused. */
  encodeStatus(message: string): string | Uint8Array;
}
