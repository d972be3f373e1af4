import { randomUUID } from 'node:crypto';
import {
  type Answer,
  type HttpReceiver,
  jsonAnswer,
  type ReceivedRequest,
  Unreadable,
} from '../http/receiver.ts';
import type { RollbarItem } from '../journal/entries.ts';
import type { Journal } from '../journal/journal.ts';
import { asArray, asRecord, asString, isRecord, parseJson } from '../json.ts';
import { traceIdOfFields } from '../trace-id.ts';

/** Rollbar's `POST /api/1/item/`. https://docs.rollbar.com/reference/create-item */
export function createRollbarItems(journal: Journal): HttpReceiver {
  return {
    protocol: 'rollbar',
    matches: ({ path }) => path === '/api/1/item/' || path === '/api/1/item',
    receive: (request) => receive(journal, request),
    refuse: (status, message) => jsonAnswer(status, { err: 1, message }),
  };
}

function receive(journal: Journal, { method, headers, body }: ReceivedRequest): Answer {
  if (method !== 'POST') throw new Unreadable(405, 'items are sent with POST');
  const message = parseJson(body.toString());
  if (!isRecord(message)) throw new Unreadable(422, 'the item is not an object');
  if (!headers['x-rollbar-access-token'] && !message.access_token) {
    throw new Unreadable(422, 'Invalid format. access_token is missing and it is required.');
  }
  const item = message.data;
  if (!isRecord(item)) throw new Unreadable(422, 'the item has no data');
  if (!isRecord(item.body)) throw new Unreadable(422, 'the data has no body');
  journal.add({ kind: 'error', traceId: traceIdOfItem(item), receivedAt: Date.now(), item });
  return jsonAnswer(200, { err: 0, result: { id: null, uuid: asString(item.uuid) ?? randomUUID() } });
}

/** Clients put custom fields under `custom`, at the top of `data`, or in the `extra` of the body's parts. */
function traceIdOfItem(item: RollbarItem): string | undefined {
  const body = asRecord(item.body);
  const extras = [body.message, body.trace, ...asArray(body.trace_chain)].map((part) => asRecord(part).extra);
  for (const fields of [item.custom, item, ...extras]) {
    const id = traceIdOfFields(asRecord(fields));
    if (id) return id;
  }
  return undefined;
}
