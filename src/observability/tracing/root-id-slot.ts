export interface RootIdSlot {
  /** Sets the id for the next root span, or none. Replaces an id that nobody took. */
  offer(traceId: string | undefined): void;
  /** Returns the id and empties the slot. */
  take(): string | undefined;
}

/**
 * Creates the slot through which `extract` passes a trace id to `generateTraceId`. A load balancer sends
 * `X-Amzn-Trace-Id: Root=…` without a parent span. OpenTelemetry's context cannot hold a trace id without a
 * span, and `generateTraceId` gets no context. The slot is safe: the http instrumentation starts the span
 * synchronously right after `extract`, and each `extract` first empties it.
 */
export function createRootIdSlot(): RootIdSlot {
  let offered: string | undefined;
  return {
    offer(traceId) {
      offered = traceId;
    },
    take() {
      const taken = offered;
      offered = undefined;
      return taken;
    },
  };
}
