import { SpanStatusCode, trace } from '@opentelemetry/api';
import type { ErrorRequestHandler, Request } from 'express';
import { describeError } from '../lib/describe-error.ts';
import { HttpError, isFault } from '../lib/errors.ts';
import type { Scrub } from '../lib/scrub/scrub.ts';
import { toError } from '../lib/to-error.ts';
import { cleanStack } from '../observability/clean-stack.ts';
import type { Logger } from '../observability/logging/logger.ts';
import { cutResponse } from '../observability/request/disconnect.ts';
import type { Reporter } from '../observability/rollbar/reporter.ts';
import type { XRay } from '../observability/xray/xray.ts';
import { fromLibrary } from './library-error.ts';
import { sendError } from './problem.ts';

interface FaultSinks {
  readonly logger: Logger;
  readonly reporter: Reporter;
  readonly xray: XRay | undefined;
  readonly scrub: Scrub;
}

/**
 * Returns the handler that turns errors into responses, for every route except the health probes
 * (`health.ts`). It records a fault once: on the server span, in the X-Ray segment, in the log and in
 * Rollbar. The span and the subsegment of the failed use case or query record it too (`traced.ts`). If the
 * response has already begun, the handler closes the connection, so that the client does not mistake the part
 * it received for the whole.
 */
export function errorHandler(sinks: FaultSinks): ErrorRequestHandler {
  return (thrown: unknown, request, response, _next) => {
    const error = fromLibrary(toError(thrown));
    if (isFault(error)) recordFault(sinks, error, request);
    if (response.headersSent) {
      cutResponse(response);
      return;
    }
    // The client has left. An answer would set a status that nobody received.
    if (request.socket.destroyed) return;
    sendError(request, response, toAnswer(error, sinks.scrub));
  };
}

const INTERNAL = 'The service failed with an internal error, which has been reported.';

/** The detail of a fault is public, so that a secret in it would be, too. */
function toAnswer(error: unknown, scrub: Scrub): HttpError {
  if (!(error instanceof HttpError)) return new HttpError(500, INTERNAL);
  const { status, message, headers } = error;
  const detail = isFault(error) ? scrub(message) : message;
  return detail === message ? error : new HttpError(status, detail, { headers });
}

function recordFault({ logger, reporter, xray, scrub }: FaultSinks, error: Error, request: Request): void {
  const span = trace.getActiveSpan();
  span?.recordException(error);
  span?.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
  xray?.recordFault(error);
  logger.error(`${error.name}: ${error.message}`, {
    error_name: error.name,
    error_message: error.message,
    error_stack: error.stack && cleanStack(error.stack, error.message, scrub),
    error_cause: error.cause === undefined ? undefined : describeError(error.cause, scrub),
  });
  // Monitors send HEAD every few seconds; the fault is logged, and the next GET reports it.
  if (request.method !== 'HEAD') reporter.error(error, request);
}
