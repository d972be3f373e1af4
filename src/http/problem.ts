import { STATUS_CODES } from 'node:http';
import { trace } from '@opentelemetry/api';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { type HttpError, ValidationFailure } from '../lib/errors.ts';
import { NO_STORE, PRIVATE } from './middleware/cache-control.ts';
import { sendJson, sendText } from './send-json.ts';

export const PROBLEM_TYPE = 'application/problem+json';

/** RFC 9457 problem details, with the trace id of the request in all four systems. */
export const Problem = z
  .object({
    type: z.literal('about:blank'),
    title: z.string().meta({ example: 'Not Found' }),
    status: z.int().min(400).max(599).meta({ example: 404 }),
    detail: z.string(),
    instance: z.string().meta({ description: 'The path of the request' }),
    trace_id: z
      .string()
      .regex(/^[0-9a-f]{32}$/)
      .optional(),
  })
  .meta({ id: 'Problem' });

/** Headers of the file that an error replaces. */
const FILE_HEADERS = ['ETag', 'Last-Modified', 'Accept-Ranges'];

/**
 * Sends an error: a `ValidationFailure` as an array with its code, any other as a problem. It cannot be
 * cached in place of the response that the route would have sent.
 */
export function sendError(request: Request, response: Response, error: HttpError): void {
  for (const name of FILE_HEADERS) response.removeHeader(name);
  if (response.getHeader('Cache-Control') !== NO_STORE) response.setHeader('Cache-Control', PRIVATE);
  response.status(error.status).set(error.headers);
  if (error instanceof ValidationFailure) sendJson(response, [error.code]);
  else {
    const traceId = trace.getActiveSpan()?.spanContext().traceId;
    const problem = { status: error.status, detail: error.message };
    sendText(response, PROBLEM_TYPE, problemText(problem, request.path, traceId));
  }
}

/** Returns the body of a problem. `instance` is the path of the request. */
export function problemText(
  { status, detail }: { readonly status: number; readonly detail: string },
  instance: string,
  traceId: string | undefined,
): string {
  return JSON.stringify({
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail,
    instance,
    trace_id: traceId,
  } satisfies z.infer<typeof Problem>);
}
