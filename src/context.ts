import type { ActivityStore } from './activities/store.ts';
import type { Config } from './config.ts';
import type { Database } from './db/database.ts';
import type { MessageStore } from './messages/store.ts';
import type { NotificationStore } from './notifications/store.ts';
import type { Logger } from './observability/logger.ts';
import type { Reporter } from './observability/rollbar.ts';
import type { Sinks } from './observability/sinks.ts';
import type { XRay } from './observability/xray.ts';

/** All that a request needs, made once; what opens here closes here. */
export interface Context {
  readonly config: Config;
  readonly database: Database;
  readonly activities: ActivityStore;
  readonly messages: MessageStore;
  readonly notifications: NotificationStore;
  readonly logger: Logger;
  readonly reporter: Reporter;
  readonly xray: XRay | undefined;
  readonly sinks: Sinks;
}
