interface HttpErrorOptions extends ErrorOptions {
  readonly headers?: Readonly<Record<string, string>>;
}

/** An error with the status and text of its response. The error handler sends the response. */
export class HttpError extends Error {
  override readonly name: string = 'HttpError';
  readonly status: number;
  /** Headers of the response, such as `Allow`. */
  readonly headers: Readonly<Record<string, string>>;

  /** The response shows `detail` to the caller, so it never reveals internal details. */
  constructor(status: number, detail: string, options: HttpErrorOptions = {}) {
    super(detail, options);
    this.status = status;
    this.headers = options.headers ?? {};
  }
}

/** 404. `detail` tells the caller which thing was not found. */
export class NotFound extends HttpError {
  override readonly name = 'NotFound';

  constructor(detail: string) {
    super(404, detail);
  }
}

/** 422. The body is an array that holds this code alone. */
export class ValidationFailure extends HttpError {
  override readonly name = 'ValidationFailure';
  readonly code: string;

  constructor(code: string) {
    super(422, code);
    this.code = code;
  }
}

/** 503: a dependency of the service does not respond. `cause` is the error it gave. */
export class Unavailable extends HttpError {
  override readonly name = 'Unavailable';
  /**
   * Whether the statement may have taken effect: it was sent, and no answer arrived. False when it was not
   * sent, was answered with an error, or was rolled back.
   */
  readonly outcomeUnknown: boolean;

  /** Without `retryable`, the response does not invite the client to try again. */
  constructor(detail: string, cause: unknown, { outcomeUnknown = false, retryable = true } = {}) {
    super(503, detail, { cause, headers: retryable ? { 'Retry-After': '5' } : {} });
    this.outcomeUnknown = outcomeUnknown;
  }
}

/**
 * Returns whether an error is the service's fault (a 5xx) or the caller's. Anything but an `HttpError` below
 * 500 is a fault. The status of spans, the X-Ray fault flag, the log level and the Rollbar report all follow
 * this function.
 */
export function isFault(error: unknown): boolean {
  return !(error instanceof HttpError) || error.status >= 500;
}
