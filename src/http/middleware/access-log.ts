import { trace } from '@opentelemetry/api';
import type { RequestHandler } from 'express';
import { MAX_TEXT_BYTES, truncate } from '../../lib/truncate.ts';
import type { RequestCounts } from '../../observability/cloudwatch/request-counts.ts';
import type { Logger } from '../../observability/logging/logger.ts';
import { trustOf } from '../../observability/proxy-trust.ts';
import { redactUrl } from '../../observability/redact.ts';
import { clientOf, schemeOf } from '../../observability/request/client.ts';
import { didClientLeave, finalStatus, isCut } from '../../observability/request/disconnect.ts';
import { pathOf } from '../../observability/request/path.ts';

/** Leaves room for the method and the status in a message of at most 2 kB. */
const MAX_PATH_BYTES = MAX_TEXT_BYTES - 64;

/**
 * Writes one log line per request when its response ends: a 4xx at level warn, a 5xx at error, all others at
 * info. If the client disconnected first, the line has `aborted: true`; if the service cut the response,
 * `cut_off: true`. The line carries the trace id of the request. `requestCounts` counts every request,
 * whether or not the log level lets its line pass.
 */
export function accessLog(logger: Logger, requestCounts?: RequestCounts): RequestHandler {
  return (req, res, next) => {
    const start = performance.now();
    // Read now: an aborted response closes outside the request's context, and a closed socket has no address.
    const span = trace.getActiveSpan()?.spanContext();
    const { method, originalUrl } = req;
    const trust = trustOf(req);
    const address = clientOf(req, trust);
    const scheme = schemeOf(req, trust);

    // 'close' follows 'finish'; if the client disconnects, 'close' is the only event.
    res.on('close', () => {
      const aborted = didClientLeave(res);
      const cut = !aborted && isCut(res);
      const status = finalStatus(res);
      const isFault = cut || status >= 500;
      requestCounts?.count(isFault);
      const fullPath = redactUrl(originalUrl);
      const message = `${method} ${truncate(pathOf(fullPath), MAX_PATH_BYTES)} ${status}${aborted ? ' aborted' : ''}`;
      const fields = {
        remote_addr: address ?? null,
        method,
        scheme,
        full_path: fullPath,
        status,
        duration_ms: Math.round((performance.now() - start) * 1000) / 1000,
        aborted: aborted || undefined,
        cut_off: cut || undefined,
      };
      if (isFault) logger.error(message, fields, span);
      else if (status < 400) logger.info(message, fields, span);
      else logger.warn(message, fields, span);
    });
    next();
  };
}
