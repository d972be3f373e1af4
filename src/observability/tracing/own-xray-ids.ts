import { toXRayTraceId } from '../amzn-trace-id.ts';

/**
 * X-Ray lists traces by the time in their ids, and drops ids of more than 30 days. A request must be listed
 * near its own time, so that no caller can hide it. The upper limit allows for clock skew.
 */
const OLDEST_SECONDS = 3600;
const NEWEST_SECONDS = 300;

/** Replicas that meet the same trace within this time give it the same id. */
const STEP_SECONDS = 30;
/** A caller that repeats one trace id for hours must not stay at the time of its first request. */
const KEPT_SECONDS = 300;
const MAX_KEPT = 1000;

/** Returns X-Ray's id for a trace id that X-Ray would not show; undefined for one that begins with a time. */
export type OwnXRayIdOf = (traceId: string) => string | undefined;

/**
 * Creates the function that gives X-Ray ids of our own to traces whose callers chose ids that begin with no
 * time of the last hour. Such an id consists of the current time and the caller's last 24 digits. The
 * requests of one trace share it for five minutes, while it is among the last 1,000 of this process; after
 * that, and in other processes, they share it within half a minute.
 */
export function createOwnXRayIds(): OwnXRayIdOf {
  const kept = new Map<string, { readonly id: string; readonly until: number }>();
  return (traceId) => {
    const now = Math.floor(Date.now() / 1000);
    const age = now - Number.parseInt(traceId.slice(0, 8), 16);
    if (age <= OLDEST_SECONDS && age >= -NEWEST_SECONDS) return undefined;
    const known = kept.get(traceId);
    if (known !== undefined && now < known.until) return known.id;
    const time = now - (now % STEP_SECONDS);
    const id = toXRayTraceId(time.toString(16).padStart(8, '0') + traceId.slice(8));
    kept.delete(traceId);
    if (kept.size === MAX_KEPT) kept.delete(kept.keys().next().value ?? '');
    kept.set(traceId, { id, until: now + KEPT_SECONDS });
    return id;
  };
}
