/** Limits of the HTTP servers. */
export interface HttpLimits {
  /** Of one body, both as sent and decompressed. */
  readonly bodyBytes: number;
  /** Of all bodies that are being read or handled, over all connections. */
  readonly inFlightBytes: number;
  /** From the end of a request's head to the end of its body. */
  readonly bodyMs: number;
  /**
   * From the opening of a connection, or from the previous response, to the end of a request's head. Browsers
   * keep connections that they opened in advance for 10 s; a request at the end of this time must still be in
   * time.
   */
  readonly headMs: number;
  /** Further connections are closed at once: 10,000 idle ones would take 150 MB. */
  readonly connections: number;
}

/** OTLP recommends 20 MiB per body. https://opentelemetry.io/docs/specs/otlp/#otlphttp-request */
export const DEFAULT_LIMITS: HttpLimits = {
  bodyBytes: 20 * 1024 * 1024,
  inFlightBytes: 64 * 1024 * 1024,
  bodyMs: 30_000,
  headMs: 30_000,
  connections: 2000,
};
