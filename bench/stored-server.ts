import { createApp } from '../src/app.ts';
import { createContext } from '../src/context.ts';
import { drainInStages } from '../src/lifecycle/drain-in-stages.ts';
import { config, sinks, tracing } from '../src/telemetry.ts';
import { serveUntilTold } from './serve.ts';

/** The whole service on the database that the environment names. */
const context = await createContext({ config, sinks, tracing });
serveUntilTold(createApp(context), () => drainInStages(context.stages, config.shutdownDeadlineMs, () => {}));
