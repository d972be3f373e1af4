import { type Context, createContextKey } from '@opentelemetry/api';
import type { CallerState } from '../trace-state.ts';

/** What a request's trace headers say, besides the id of the parent span. */
export interface Caller {
  readonly traceId: string;
  /** The caller's sampling decision; undefined if it leaves that open. */
  readonly sampled: boolean | undefined;
  /** The `X-Forwarded-For` header, by which the decision is trusted or not. */
  readonly forwardedFor: unknown;
  /** For a trace id without a parent span, which cannot carry it. */
  readonly state: CallerState | undefined;
}

const CALLER = createContextKey('cruddur caller');

/** Returns the context of a request whose caller names the trace. */
export function withCaller(context: Context, caller: Caller): Context {
  return context.setValue(CALLER, caller);
}

/** Returns the caller that names the trace; undefined if none does. A request may start other traces. */
export function callerOf(context: Context, traceId: string): Caller | undefined {
  const caller = context.getValue(CALLER) as Caller | undefined;
  return caller?.traceId === traceId ? caller : undefined;
}
