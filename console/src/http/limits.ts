/** What the HTTP servers take at most. */
export interface HttpLimits {
  /** Of one body, as sent and again decompressed. */
  readonly bodyBytes: number;
  /** Of all bodies that are being read or handled, over all connections. */
  readonly inFlightBytes: number;
  /** From the end of a request's head to the end of its body. */
  readonly bodyMs: number;
  /**
   * From the opening of a connection, or the answer before, to the end of a request's head. Browsers keep a connection that
   * they opened in advance for 10 s: a request that comes on it at the end, to a busy process, must not be late.
   */
  readonly headMs: number;
  /** What comes beyond is closed at once: 10,000 idle connections would take 150 MB. */
  readonly connections: number;
}

/** 20 MiB a body is what OTLP recommends. https://opentelemetry.io/docs/specs/otlp/#otlphttp-request */
export const DEFAULT_LIMITS: HttpLimits = {
  bodyBytes: 20 * 1024 * 1024,
  inFlightBytes: 64 * 1024 * 1024,
  bodyMs: 30_000,
  headMs: 30_000,
  connections: 2000,
};
