import { randomUUID } from 'node:crypto';
import express, { type Express } from 'express';
import helmet from 'helmet';
import { ApiError, answerError } from './api-error.ts';
import { pageAssets } from './page-assets.ts';
import { createSseHandler } from './sse/sse.ts';
import { createStatus, type StatusOptions } from './status.ts';
import { tracesRoutes } from './traces/traces-routes.ts';

export type ConsoleAppOptions = Omit<StatusOptions, 'epoch'>;

/** Builds the Express app that serves the page and the API that the page and tests use. */
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
  // Express would handle HEAD as GET, and this response never ends.
  app.head('/api/live', (_request, response) => {
    response.type('text/event-stream').end();
  });
  app.get('/api/live', createSseHandler({ journal, epoch, status }));
  app.use(({ method, path }) => {
    const message = `no receiver for ${method} ${path.slice(0, 200)}`;
    // Browsers request files that do not exist, such as `/favicon.ico`: those are not counted.
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
    // The page is served over plain HTTP on this machine.
    strictTransportSecurity: false,
    xXssProtection: false,
  });
}
