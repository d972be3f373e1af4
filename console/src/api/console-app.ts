import { randomUUID } from 'node:crypto';
import express, { type Express } from 'express';
import helmet from 'helmet';
import { ApiError, answerError } from './api-error.ts';
import { pageAssets } from './page-assets.ts';
import { createSseHandler } from './sse/sse.ts';
import { createStatus, type StatusOptions } from './status.ts';
import { tracesRoutes } from './traces/traces-routes.ts';

export type ConsoleAppOptions = Omit<StatusOptions, 'epoch'>;

/** Everything over HTTP that is no receiver: the page, and the API that the page and tests read. */
export function createConsoleApp(options: ConsoleAppOptions): Express {
  const { journal } = options;
  const epoch = randomUUID();
  const status = createStatus({ ...options, epoch });
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('query parser', 'simple');
  app.enable('case sensitive routing');

  app.use(securityHeaders());
  app.use(pageAssets());
  app.use('/api', (_request, response, next) => {
    response.set('cache-control', 'no-store');
    next();
  });
  app.use(tracesRoutes(journal));
  app.get('/api/status', (_request, response) => {
    response.json(status());
  });
  // Express answers HEAD as GET does, and here the answer has no end.
  app.head('/api/live', (_request, response) => {
    response.type('text/event-stream').end();
  });
  app.get('/api/live', createSseHandler({ journal, epoch, status }));
  app.use(({ method, path }) => {
    const message = `nothing here speaks ${method} ${path.slice(0, 200)}`;
    // What a browser looks for beside the page is not worth a word.
    if (method !== 'GET' && method !== 'HEAD') journal.recordUnreadable('unknown', message, '');
    throw new ApiError(404, message);
  });
  app.use(answerError);
  return app;
}

function securityHeaders() {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': ["'self'"],
        'style-src': ["'self'"],
        'connect-src': ["'self'"],
        'img-src': ["'self'", 'data:'],
        'base-uri': ["'none'"],
        'form-action': ["'none'"],
        'frame-ancestors': ["'none'"],
      },
    },
    xFrameOptions: { action: 'deny' },
    // The page is served over plain HTTP, on this machine.
    strictTransportSecurity: false,
    xXssProtection: false,
  });
}
