import { inspect } from 'node:util';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import type { ErrorRequestHandler, Request } from 'express';
import { describeError } from '../lib/describe-error.ts';
import { HttpError, isFault } from '../lib/errors.ts';
import type { Logger } from '../observability/logging/logger.ts';
import type { Reporter } from '../observability/rollbar/reporter.ts';
import type { XRay } from '../observability/xray/xray.ts';
import { sendError } from './problem.ts';

interface FaultSinks {
  readonly logger: Logger;
  readonly reporter: Reporter;
  readonly xray: XRay | undefined;
}

/** The one place where an error becomes an answer and, when it is a fault, is told once to all who watch. */
export function errorHandler(watchers: FaultSinks): ErrorRequestHandler {
  return (thrown: unknown, request, response, _next) => {
    const error = fromRouter(thrown);
    if (isFault(error)) recordFault(watchers, toError(error), request);
    if (response.headersSent) {
      request.socket.destroy();
      return;
    }
    sendError(request, response, error instanceof HttpError ? error : new HttpError(500, INTERNAL));
  };
}

const INTERNAL = 'The service failed to answer. It has been reported.';

function recordFault({ logger, reporter, xray }: FaultSinks, error: Error, request: Request): void {
  const span = trace.getActiveSpan();
  span?.recordException(error);
  span?.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
  xray?.recordFault(request, error);
  logger.error(`${error.name}: ${error.message}`, {
    error_name: error.name,
    error_message: error.message,
    error_stack: error.stack,
    error_cause: error.cause === undefined ? undefined : describeError(error.cause),
  });
  reporter.error(error, request);
}

/** The router answers a path that does not decode with an error of its own. */
function fromRouter(thrown: unknown): unknown {
  return thrown instanceof URIError && 'status' in thrown && thrown.status === 400
    ? new HttpError(400, 'The path is not well-formed percent-encoding.')
    : thrown;
}

function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(inspect(thrown));
}
