import { createApp } from '../../src/app.ts';
import { DEFAULT_LIMITS } from '../../src/config/database-limits.ts';
import { createContext } from '../../src/context.ts';
import type { Database } from '../../src/db/database.ts';
import { drainInStages } from '../../src/lifecycle/drain-in-stages.ts';
import { config, sinks, tracing } from '../../src/telemetry.ts';
import { serveUntilStopped } from '../serve.ts';
import { homeFeed } from './home-feed.ts';

/** Returns constant rows, so that SQL is not measured. The environment decides which sinks are on. */
const database: Database = {
  query: async <Row>() => homeFeed as Row[],
  transaction: () => Promise.reject(new Error('not part of this benchmark')),
  limits: DEFAULT_LIMITS,
  openApart: () => Promise.reject(new Error('not part of this benchmark')),
  close: async () => {},
};
const context = await createContext({ config, sinks, tracing }, { database });
serveUntilStopped(createApp(context), () =>
  drainInStages(context.stages, config.shutdownDeadlineMs, () => {}),
);
