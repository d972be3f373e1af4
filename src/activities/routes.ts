import { z } from 'zod';
import type { AppContext } from '../context.ts';
import { type Endpoint, endpoint, listEndpoint } from '../http/endpoint.ts';
import { writeEndpoints } from '../http/idempotency/write-endpoint.ts';
import { PageQuery } from '../http/page-query.ts';
import { HandleParams, messageText, requiredText, UuidParams } from '../http/schemas.ts';
import { Activity } from './activity.ts';
import { activityReplies } from './activity-replies.ts';
import { createActivity } from './create-activity.ts';
import { createReply } from './create-reply.ts';
import { homeActivities } from './home-activities.ts';
import { searchActivities } from './search-activities.ts';
import { showActivity } from './show-activity.ts';
import { createActivityStore } from './store.ts';
import { Ttl } from './ttl.ts';
import { userActivities } from './user-activities.ts';

const SearchQuery = z.object({ term: requiredText('search_term_blank'), ...PageQuery.shape });
const NewActivity = z.object({ message: messageText(280), ttl: Ttl });
const NewReply = z.object({ message: messageText(1024) });

/** Returns the routes of activities; the first that matches handles a request. */
export function activityRoutes({ config, database, logger }: AppContext): Endpoint[] {
  const activities = createActivityStore(database);
  const handle = config.demoUserHandle;
  const writeEndpoint = writeEndpoints(database, handle);
  return [
    listEndpoint({
      method: 'get',
      path: '/api/activities/home',
      summary: 'List the home feed: top-level, unexpired activities, newest first',
      query: PageQuery,
      rows: z.array(Activity),
      handle: ({ query }) => homeActivities({ activities, logger }, query),
    }),
    listEndpoint({
      method: 'get',
      path: '/api/activities/search',
      summary: 'Search the text of activities, newest first',
      query: SearchQuery,
      rows: z.array(Activity),
      problems: [400],
      handle: ({ query }) => searchActivities(activities, query.term, query),
    }),
    listEndpoint({
      method: 'get',
      path: '/api/activities/@:handle',
      summary: 'List the activities of one user, newest first',
      params: HandleParams,
      query: PageQuery,
      rows: z.array(Activity),
      handle: ({ params, query }) => userActivities(activities, params.handle, query),
    }),
    endpoint({
      method: 'get',
      path: '/api/activities/:uuid',
      summary: 'Get one activity with its newest 20 replies, oldest first',
      params: UuidParams,
      response: Activity,
      handle: ({ params }) => showActivity(activities, params.uuid),
    }),
    listEndpoint({
      method: 'get',
      path: '/api/activities/:uuid/replies',
      summary: 'List the replies to an activity, newest first',
      params: UuidParams,
      query: PageQuery,
      rows: z.array(Activity),
      handle: ({ params, query }) => activityReplies(activities, params.uuid, query),
    }),
    writeEndpoint({
      path: '/api/activities',
      summary: 'Post an activity',
      body: NewActivity,
      response: Activity,
      write: ({ body }, connection) => createActivity(createActivityStore(connection), { handle, ...body }),
    }),
    writeEndpoint({
      path: '/api/activities/:uuid/reply',
      summary: 'Reply to an activity',
      description: 'An answer to a reply joins the thread of its top-level activity.',
      params: UuidParams,
      body: NewReply,
      response: Activity,
      write: ({ params, body }, connection) =>
        createReply(createActivityStore(connection), {
          handle,
          replyTo: params.uuid,
          message: body.message,
        }),
    }),
  ];
}
