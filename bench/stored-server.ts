import { createApp } from '../src/app.ts';
import { createCleanup } from '../src/cleanup/cleanup.ts';
import { createContext } from '../src/context.ts';
import { drainInStages } from '../src/lifecycle/drain-in-stages.ts';
import { config, sinks, tracing } from '../src/telemetry.ts';
import { serveUntilStopped } from './serve.ts';

// Serves the service with the database of DATABASE_URL.
const context = await createContext({ config, sinks, tracing });
const cleanup = createCleanup(context);
cleanup.start();
serveUntilStopped(createApp(context), () =>
  drainInStages([[cleanup], ...context.stages], config.shutdownDeadlineMs, () => {}),
);
