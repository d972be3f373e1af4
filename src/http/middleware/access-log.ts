import type { Socket } from 'node:net';
import { trace } from '@opentelemetry/api';
import type { RequestHandler } from 'express';
import type { Config } from '../../config/config.ts';
import type { Logger } from '../../observability/logging/logger.ts';
import { redactUrl } from '../../observability/redact.ts';

/** nginx's status for a client that disconnected before the response began. */
const CLIENT_CLOSED_REQUEST = 499;

/**
 * Writes one log line per request when its response ends: a 4xx at level warn, a 5xx at error, all others at
 * info. If the client disconnected first, the line has `aborted: true`. The line carries the trace id of the
 * request.
 */
export function accessLog(logger: Logger, { trustProxy }: Pick<Config, 'trustProxy'>): RequestHandler {
  return (req, res, next) => {
    const start = performance.now();
    // Read now: an aborted response closes outside the request's context, and a closed socket has no address.
    const span = trace.getActiveSpan()?.spanContext();
    const { method, originalUrl } = req;
    // Without a trusted proxy the socket has the answer: Express would parse the forwarding headers first.
    const address = trustProxy === false ? req.socket.remoteAddress : req.ip;
    const scheme = trustProxy === false ? schemeOf(req.socket) : req.protocol;

    // 'close' follows 'finish'; if the client disconnects, 'close' is the only event.
    res.once('close', () => {
      const aborted = !res.writableFinished;
      const status = aborted && !res.headersSent ? CLIENT_CLOSED_REQUEST : res.statusCode;
      const fullPath = redactUrl(originalUrl);
      const message = `${method} ${withoutQuery(fullPath)} ${status}${aborted ? ' aborted' : ''}`;
      const fields = {
        remote_addr: address ?? null,
        method,
        scheme,
        full_path: fullPath,
        status,
        duration_ms: Math.round((performance.now() - start) * 1000) / 1000,
        ...(aborted && { aborted }),
      };
      if (status < 400) logger.info(message, fields, span);
      else if (status < 500) logger.warn(message, fields, span);
      else logger.error(message, fields, span);
    });
    next();
  };
}

function schemeOf(socket: Socket): string {
  return 'encrypted' in socket ? 'https' : 'http';
}

function withoutQuery(path: string): string {
  const query = path.indexOf('?');
  return query < 0 ? path : path.slice(0, query);
}
