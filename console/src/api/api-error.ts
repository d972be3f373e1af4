import type { ErrorRequestHandler } from 'express';
import type { z } from 'zod';

/** An error response. Its body holds `message` and `details`. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  /** More fields of the body. */
  readonly details: object;

  constructor(status: number, message: string, details: object = {}) {
    super(message);
    this.status = status;
    this.details = details;
  }
}

/** Parses a query. Throws an `ApiError` 400 that names each invalid parameter. */
export function parseQuery<S extends z.ZodType>(schema: S, query: unknown): z.output<S> {
  const parsed = schema.safeParse(query);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => [...path.map(String), message].join(': '));
  throw new ApiError(400, faults.join('; '));
}

/** Express's error handler: responds with `{ message }`. */
export const answerError: ErrorRequestHandler = (error: unknown, _request, response, _next) => {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { status, message, details } = toApiError(error);
  response.status(status).json({ message, ...details });
};

function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  // The router throws it for a path that it cannot decode.
  if (error instanceof URIError) return new ApiError(400, 'the path is not valid percent-encoding');
  return new ApiError(500, `internal error of the console: ${error}`);
}
