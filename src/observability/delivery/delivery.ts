/** The back end rejected a whole batch permanently: sending it again would not help. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

/** The back end asks for a pause before the next attempt. */
export class Throttled extends Error {
  override readonly name = 'Throttled';
  readonly retryAfterMs: number;

  constructor(message: string, retryAfterMs: number) {
    super(message);
    this.retryAfterMs = retryAfterMs;
  }
}

/** The result for a batch that the back end did not reject as a whole. */
export interface Delivery {
  readonly rejected: number;
  readonly reason?: unknown;
}
