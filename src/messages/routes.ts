import { z } from 'zod';
import type { AppContext } from '../context.ts';
import { type Endpoint, listEndpoint } from '../http/endpoint.ts';
import { writeEndpoints } from '../http/idempotency/write-endpoint.ts';
import { PageQuery } from '../http/page-query.ts';
import { HandleParams, isHandle, messageText } from '../http/schemas.ts';
import { createMessage } from './create-message.ts';
import { Message, MessageGroup } from './message.ts';
import { messageGroups } from './message-groups.ts';
import { messages } from './messages.ts';
import { createMessageStore } from './store.ts';

const NewMessage = z.object({
  message: messageText(1024),
  user_receiver_handle: z
    .string('user_reciever_handle_blank')
    .min(1, 'user_reciever_handle_blank')
    .refine(isHandle, { error: 'Nobody has this handle.', params: { status: 404 } }),
});

/** Returns the routes of direct messages. */
export function messageRoutes({ config, database }: AppContext): Endpoint[] {
  const store = createMessageStore(database);
  const handle = config.demoUserHandle;
  const writeEndpoint = writeEndpoints(database, handle);
  return [
    listEndpoint({
      method: 'get',
      path: '/api/message_groups',
      summary: 'List the conversations of the current user, latest first',
      personal: true,
      query: PageQuery,
      rows: z.array(MessageGroup),
      handle: ({ query }) => messageGroups(store, handle, query),
    }),
    listEndpoint({
      method: 'get',
      path: '/api/messages/@:handle',
      summary: 'List the messages between the current user and another user, oldest first',
      personal: true,
      description: 'The first page has the latest messages; `Link` leads to older ones.',
      params: HandleParams,
      query: PageQuery,
      rows: z.array(Message),
      handle: ({ params, query }) => messages(store, { handle, other: params.handle }, query),
    }),
    writeEndpoint({
      path: '/api/messages',
      summary: 'Send a message to another user',
      personal: true,
      body: NewMessage,
      response: Message,
      problems: [404],
      write: ({ body }, connection) =>
        createMessage(createMessageStore(connection), {
          senderHandle: handle,
          receiverHandle: body.user_receiver_handle,
          message: body.message,
        }),
    }),
  ];
}
