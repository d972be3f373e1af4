import type { ErrorRequestHandler } from 'express';
import type { z } from 'zod';

/** An answer other than success; `message` is for the reader. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  /** What the answer says beside the message. */
  readonly details: object;

  constructor(status: number, message: string, details: object = {}) {
    super(message);
    this.status = status;
    this.details = details;
  }
}

/** Parses a query; throws a 400 that names each parameter at fault. */
export function parseQuery<S extends z.ZodType>(schema: S, query: unknown): z.output<S> {
  const parsed = schema.safeParse(query);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => [...path.map(String), message].join(': '));
  throw new ApiError(400, faults.join('; '));
}

/** Answers an error as `{ message }`. */
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
  // The router's own, for a path that does not decode.
  if (error instanceof URIError) return new ApiError(400, 'the path is not well-formed percent-encoding');
  return new ApiError(500, `the console failed to answer: ${error}`);
}
