import type { RequestHandler } from 'express';

/** X-Ray's side of the service; exists only when a daemon is configured. */
export interface XRay {
  /** Opens the request's segment when X-Ray samples it, with the trace id of the active OpenTelemetry span. */
  readonly openSegment: RequestHandler;
  /** Marks the request's segment with a fault. Called by the error handler, for faults only. */
  recordFault(request: object, error: Error): void;
  /** Waits until every datagram is with the kernel, at most `budgetMs`; stops the sampling pollers. */
  drain(budgetMs: number): Promise<void>;
}
