/** The signals of OTLP, named as in its paths. */
export type Signal = 'traces' | 'logs' | 'metrics';

/** How many items of a request were rejected, and why. */
export interface Rejection {
  readonly count: number;
  readonly reason: string;
}

/** The field of a response's `partialSuccess` that counts the rejected items. */
export const REJECTED = {
  traces: 'rejectedSpans',
  logs: 'rejectedLogRecords',
  metrics: 'rejectedDataPoints',
} as const satisfies Record<Signal, string>;

/** One of OTLP's two encodings. Decoded messages have the field names of the JSON encoding. */
export interface Encoding {
  readonly contentType: string;
  /** Decodes an `Export…ServiceRequest`. Throws `UnreadableInput` when the body is invalid. */
  decodeRequest(signal: Signal, body: Buffer): Record<string, unknown>;
  /** Encodes an `Export…ServiceResponse`. */
  encodeResponse(signal: Signal, rejection?: Rejection): string | Uint8Array;
  /** Encodes a `google.rpc.Status`, the body of a refusal. */
  encodeStatus(message: string): string | Uint8Array;
}
