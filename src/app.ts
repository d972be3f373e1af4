import express, { type Express } from 'express';
import { activityRoutes } from './activities/routes.ts';
import type { AppContext } from './context.ts';
import { docsAssets, docsRoutes } from './http/docs/docs.ts';
import type { Endpoint } from './http/endpoint.ts';
import { errorHandler } from './http/error-handler.ts';
import { health, healthRoutes } from './http/health.ts';
import { accessLog } from './http/middleware/access-log.ts';
import { cacheControl, PRIVATE } from './http/middleware/cache-control.ts';
import { composeMiddleware } from './http/middleware/compose.ts';
import { cors } from './http/middleware/cors.ts';
import { hostGuard } from './http/middleware/host-guard.ts';
import { preflight } from './http/middleware/preflight.ts';
import { requestRules } from './http/middleware/request-rules.ts';
import { securityHeaders } from './http/middleware/security-headers.ts';
import { traceHeaders } from './http/middleware/trace-headers.ts';
import { mountRoutes, notFound } from './http/mount-routes.ts';
import { rateLimits } from './http/rate-limits/rate-limits.ts';
import { telemetryRoutes } from './http/telemetry-routes.ts';
import { messageRoutes } from './messages/routes.ts';
import { notificationRoutes } from './notifications/routes.ts';
import { proxyTrust } from './observability/proxy-trust.ts';

/**
 * Builds the Express app; middleware runs in this order. The OpenTelemetry server span is already open here
 * (`telemetry.ts` is preloaded), and the request is counted for shutdown (`lifecycle/close-server.ts`).
 * `extraRoutes` are mounted after the service's own and are not part of the OpenAPI document.
 */
export function createApp(context: AppContext, extraRoutes: readonly Endpoint[] = []): Express {
  const { config, logger, readiness, traceIds, xray } = context;
  const probes = healthRoutes(readiness, context.stopping.signal);
  const routes = [
    ...notificationRoutes(context),
    ...activityRoutes(context),
    ...messageRoutes(context),
    ...telemetryRoutes(context),
  ];

  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.set('trust proxy', proxyTrust(config.trustProxy));
  app.enable('case sensitive routing');
  app.enable('strict routing');

  app.use(
    composeMiddleware(
      securityHeaders(),
      cacheControl(PRIVATE),
      cors(config.allowedOrigins),
      health(probes),
      traceHeaders(traceIds),
      accessLog(logger, context.requestCounts),
      ...(xray ? [xray.openSegment] : []),
      ...hostGuard(config),
      requestRules(),
      preflight,
      ...rateLimits(context),
    ),
  );
  mountRoutes(app, [
    ...routes,
    ...docsRoutes([...routes, ...probes], config.service.version),
    ...docsAssets(),
    ...extraRoutes,
  ]);
  app.use(notFound);
  app.use(errorHandler(context));
  return app;
}
