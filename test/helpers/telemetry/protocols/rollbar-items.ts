import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { HttpProtocol } from './http-receiver.ts';

/** One Rollbar item: the `data` of the request, as sent. */
export type RollbarItem = Readonly<Record<string, unknown>>;

const part = z.looseObject({});
const Frames = z.looseObject({
  frames: z.array(z.looseObject({ filename: z.string() })),
  exception: z.looseObject({ class: z.string() }),
});
const Body = z.union([
  z.looseObject({ message: z.looseObject({ body: z.string() }) }),
  z.looseObject({ trace: Frames }),
  z.looseObject({ trace_chain: z.array(Frames).min(1) }),
]);
const Item = z.looseObject({
  data: z.looseObject({
    environment: z.string().min(1),
    body: Body,
    level: z.enum(['critical', 'error', 'warning', 'info', 'debug']),
    custom: part.optional(),
    request: part.optional(),
    server: part.optional(),
  }),
});

/** Receives `POST /api/1/item/`. https://docs.rollbar.com/reference/create-item */
export function rollbarItems(onItem: (item: RollbarItem) => void): HttpProtocol {
  return {
    name: 'rollbar',
    matches: (path) => path === '/api/1/item/',
    receive({ headers, json }) {
      if (!headers['x-rollbar-access-token']) throw new Error('the access token is missing');
      const { data } = Item.parse(json);
      onItem(data);
      return { status: 200, body: { err: 0, result: { id: null, uuid: data.uuid ?? randomUUID() } } };
    },
    refuse: (message) => ({ status: 422, body: { err: 1, message } }),
  };
}
