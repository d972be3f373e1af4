import { z } from 'zod';
import { Activity } from '../activities/activity.ts';
import type { AppContext } from '../context.ts';
import { type Endpoint, listEndpoint } from '../http/endpoint.ts';
import { PageQuery } from '../http/page-query.ts';
import { notifications } from './notifications.ts';
import { createNotificationStore } from './store.ts';

/** The route of notifications; it matches before that of one activity. */
export function notificationRoutes({ config, database }: AppContext): Endpoint[] {
  const store = createNotificationStore(database);
  return [
    listEndpoint({
      method: 'get',
      path: '/api/activities/notifications',
      summary: 'What mentions the acting user or replies to them, newest first',
      query: PageQuery,
      rows: z.array(Activity),
      handle: ({ query }) => notifications(store, config.demoUserHandle, query),
    }),
  ];
}
