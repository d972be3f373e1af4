import { createApp } from '../src/app.ts';
import { createContext } from '../src/context.ts';
import { drainInStages } from '../src/lifecycle/drain-in-stages.ts';
import { config, sinks, tracing } from '../src/telemetry.ts';
import { homeFeed } from './home-feed.ts';
import { serveUntilTold } from './serve.ts';

/** The whole service with the sinks that the environment switches on; only the home feed's rows are constant. */
const context = await createContext({ config, sinks, tracing });
const home = async () => ({ rows: homeFeed, next: undefined });
const app = createApp({ ...context, activities: { ...context.activities, home } });
serveUntilTold(app, () => drainInStages(context.stages, config.shutdownDeadlineMs, () => {}));
