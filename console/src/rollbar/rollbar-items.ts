import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import {
  type Answer,
  type HttpReceiver,
  jsonAnswer,
  type ReceivedRequest,
  UnreadableInput,
} from '../http/receiver.ts';
import type { RollbarItem } from '../journal/entries.ts';
import type { Journal } from '../journal/journal.ts';
import { asArray, asRecord, asString, isRecord, parseJson } from '../json.ts';
import { traceIdOfFields } from '../trace-id.ts';

const PATH = /^\/api\/1\/item(?:_batch)?\/?$/;

/**
 * Receives Rollbar's `POST /api/1/item/`, and `/api/1/item_batch/`, to which rollbar-agent sends lists of
 * items. A list is accepted or refused as a whole. https://docs.rollbar.com/reference/create-item
 */
export function createRollbarItems(journal: Journal): HttpReceiver {
  return {
    protocol: 'rollbar',
    matches: ({ path }) => PATH.test(path),
    receive: (request) => receive(journal, request),
    refuse: (status, message) => jsonAnswer(status, { err: 1, message }),
  };
}

function receive(journal: Journal, { method, headers, body }: ReceivedRequest): Answer {
  if (method !== 'POST') throw new UnreadableInput(405, 'items are sent with POST');
  const message = parseJson(readPayload(headers, body));
  const items = (Array.isArray(message) ? message : [message]).map((each) => readItem(headers, each));
  const receivedAt = Date.now();
  for (const item of items) journal.add({ kind: 'error', traceId: traceIdOfItem(item), receivedAt, item });
  const uuid = asString(items[0]?.uuid) ?? randomUUID();
  return jsonAnswer(200, { err: 0, result: { id: null, uuid } });
}

/** Reads the body. Some clients send the JSON in the field `payload` of a form. */
function readPayload(headers: IncomingHttpHeaders, body: Buffer): string {
  const text = body.toString();
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded');
  // Some clients send JSON with curl's default content type, that of a form.
  return isForm && text.startsWith('payload=') ? (new URLSearchParams(text).get('payload') ?? '') : text;
}

function readItem(headers: IncomingHttpHeaders, message: unknown): RollbarItem {
  if (!isRecord(message)) throw new UnreadableInput(422, 'the item is not an object');
  if (!headers['x-rollbar-access-token'] && !message.access_token) {
    throw new UnreadableInput(422, 'Invalid format. access_token is missing and it is required.');
  }
  const item = message.data;
  if (!isRecord(item)) throw new UnreadableInput(422, 'the item has no data');
  if (!isRecord(item.body)) throw new UnreadableInput(422, 'the data has no body');
  return item;
}

/** Clients set custom fields in `custom`, at the top of `data`, or in the `extra` of the body's parts. */
function traceIdOfItem(item: RollbarItem): string | undefined {
  const body = asRecord(item.body);
  const extras = [body.message, body.trace, ...asArray(body.trace_chain)].map((part) => asRecord(part).extra);
  for (const fields of [item.custom, item, ...extras]) {
    const id = traceIdOfFields(asRecord(fields));
    if (id) return id;
  }
  return undefined;
}
