import type { Socket } from 'node:net';
import { trace } from '@opentelemetry/api';
import type { RequestHandler } from 'express';
import type { Config } from '../../config/config.ts';
import type { Logger } from '../../observability/logging/logger.ts';
import { redactUrl } from '../../observability/redact.ts';

/** The status that the log shows when the client went away before there was one; nginx's. */
const CLIENT_CLOSED_REQUEST = 499;

/**
 * Writes one line a request when its response is over: at level info, a 4xx at warn, a 5xx at error. When the client
 * went away first, the line says `aborted`. The line belongs to the span that is active when the request comes in.
 */
export function accessLog(logger: Logger, { trustProxy }: Pick<Config, 'trustProxy'>): RequestHandler {
  return (req, res, next) => {
    const start = performance.now();
    // An aborted response closes outside the request's context, and with the socket gone there is no address.
    const span = trace.getActiveSpan()?.spanContext();
    const { method, originalUrl } = req;
    // Express works these two out from the forwarding headers, trusted or not.
    const address = trustProxy === false ? req.socket.remoteAddress : req.ip;
    const scheme = trustProxy === false ? schemeOf(req.socket) : req.protocol;

    // 'close' comes after 'finish', and alone when the client went away.
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
