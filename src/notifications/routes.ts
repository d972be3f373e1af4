import { z } from 'zod';
import { Activity } from '../activities/activity.ts';
import type { AppContext } from '../context.ts';
import { type Endpoint, listEndpoint } from '../http/endpoint.ts';
import { PageQuery } from '../http/page-query.ts';
import { notifications } from './notifications.ts';
import { createNotificationStore } from './store.ts';

/** Returns the route of notifications. Mount it before that of one activity, which would match it too. */
export function notificationRoutes({ config, database }: AppContext): Endpoint[] {
  const store = createNotificationStore(database);
  return [
    listEndpoint({
      method: 'get',
      path: '/api/activities/notifications',
      summary: 'List the activities that mention the current user or reply to them, newest first',
      personal: true,
      query: PageQuery,
      rows: z.array(Activity),
      handle: ({ query }) => notifications(store, config.demoUserHandle, query),
    }),
  ];
}
