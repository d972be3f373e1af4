import type { Request } from 'express';

/** Where faults are reported. Fire and forget: nothing waits, nothing throws. */
export interface Reporter {
  /** Reports a fault, once, with the request that met it if there was one. */
  error(error: unknown, request?: Request): void;
  /** Reports a message at level warning. */
  warning(message: string, request?: Request): void;
  /** Sends what is left; what is not acknowledged within `budgetMs` is dropped and counted. */
  drain(budgetMs: number): Promise<void>;
}
