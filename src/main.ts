import { flushCompileCache } from 'node:module';
import { createApp } from './app.ts';
import { createCleanup } from './cleanup/cleanup.ts';
import { createContext } from './context.ts';
import { migrateWhenReachable } from './db/migrations.ts';
import { createApiServer } from './http/server/create-server.ts';
import { handleShutdown } from './lifecycle/handle-shutdown.ts';
import { listen } from './lifecycle/listen.ts';
import { reportStarted } from './lifecycle/report-started.ts';
import { describeSinks } from './observability/delivery/sink-counters.ts';
import { monitorSinks } from './observability/delivery/sink-monitor.ts';
import { config, sinks, tracing } from './telemetry.ts';

const context = await createContext({ config, sinks, tracing });
const server = createApiServer(context, createApp(context));
const cleanup = createCleanup(context);
handleShutdown({
  ...context,
  stages: [[cleanup], ...context.stages],
  server,
  deadlineMs: config.shutdownDeadlineMs,
  delayMs: config.shutdownDelayMs,
});
monitorSinks(sinks, context.logger);
const url = await listen(server, config);
context.logger.info(`listening at ${url}`, { sinks: describeSinks(sinks) });
// Else the process writes it when it exits, within its deadline. Not ready yet, it keeps nobody waiting.
flushCompileCache();
await migrateWhenReachable(context.database, context.logger, context.stopping.signal);
if (!context.stopping.signal.aborted) {
  cleanup.start();
  reportStarted(context.logger);
}
