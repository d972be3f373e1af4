interface HttpErrorOptions extends ErrorOptions {
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer other than success, thrown where it is found out and turned into an answer in one place. */
export class HttpError extends Error {
  override readonly name: string = 'HttpError';
  readonly status: number;
  /** Headers that belong to the answer, such as `Allow`. */
  readonly headers: Readonly<Record<string, string>>;

  /** `detail` is for the caller to read: it never tells of the inside. */
  constructor(status: number, detail: string, options: HttpErrorOptions = {}) {
    super(detail, options);
    this.status = status;
    this.headers = options.headers ?? {};
  }
}

/** 404: `detail` names what was not found, in words for the caller. */
export class NotFound extends HttpError {
  override readonly name = 'NotFound';

  constructor(detail: string) {
    super(404, detail);
  }
}

/** 422: the body is an array with exactly this code. */
export class ValidationFailure extends HttpError {
  override readonly name = 'ValidationFailure';
  readonly code: string;

  constructor(code: string) {
    super(422, code);
    this.code = code;
  }
}

/** 503: something the service needs does not answer; `cause` says what. */
export class Unavailable extends HttpError {
  override readonly name = 'Unavailable';

  constructor(detail: string, cause: unknown) {
    super(503, detail, { cause, headers: { 'Retry-After': '5' } });
  }
}

/**
 * Whether an error is the service's fault (a 5xx) or the caller's. The one judge for the span's status, the X-Ray
 * fault flag, the log level and the Rollbar report. Anything but an `HttpError` below 500 is a fault.
 */
export function isFault(error: unknown): boolean {
  return !(error instanceof HttpError) || error.status >= 500;
}
