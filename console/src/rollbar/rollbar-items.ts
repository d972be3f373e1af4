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
import { asString, isRecord, parseJson } from '../json.ts';
import { normalizeItem, traceIdsOfItem } from './read-item.ts';

const PATH = /^\/+api\/1\/item(?:_batch)?\/*$/;

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
  if (items.length === 0) throw new UnreadableInput(422, 'the list has no items');
  const receivedAt = Date.now();
  for (const data of items) {
    const { item, fault } = normalizeItem(data);
    if (fault) journal.recordUnreadable('rollbar', fault, JSON.stringify(item));
    journal.add({ kind: 'error', ...traceIdsOfItem(item), receivedAt, item });
  }
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
