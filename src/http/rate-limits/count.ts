import type { RateLimit } from '../../config/variables/values.ts';

/** The requests of one client in its current window, with the latest one. */
export interface Count {
  readonly hits: number;
  /** Milliseconds until the window ends, more than 0. */
  readonly resetsInMs: number;
}

/** Counts a request of a client and resolves with its count. The window of a client begins with a request. */
export type CountRequest = (client: string) => Promise<Count>;

/** Opens the counter of one budget. */
export type OpenCounter = (budget: string, limit: RateLimit) => CountRequest;
