import Rollbar from 'rollbar';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReceivedRequest } from '../../src/http/receiver.ts';
import { type Receivers, startReceivers } from '../helpers/receivers.ts';

const TRACE_ID = '58406520a006649127e371903a2de979';

let receivers: Receivers;
let requests: ReceivedRequest[];
beforeEach(async () => {
  requests = [];
  receivers = await startReceivers({ observe: (request) => requests.push(request) });
});
afterEach(() => receivers.close());

function post(body: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${receivers.url}/api/1/item/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
}

describe("Rollbar's client", () => {
  it('sends items that arrive in the trace of their custom fields', async () => {
    const rollbar = new Rollbar({
      accessToken: 'token',
      endpoint: `${receivers.url}/api/1/item/`,
      environment: 'test',
      captureUncaught: false,
    });
    const { uuid } = rollbar.warning('Hello World!');
    rollbar.error(new TypeError('boom'), { trace_id: TRACE_ID });
    await new Promise<void>((resolve) => rollbar.wait(resolve));

    expect(receivers.reports()).toHaveLength(2);
    expect(receivers.reports()).toContainEqual(
      expect.objectContaining({
        uuid,
        level: 'warning',
        environment: 'test',
        body: expect.objectContaining({ message: { body: 'Hello World!' } }),
      }),
    );
    expect(receivers.journal.byTrace(TRACE_ID)).toMatchObject([
      { kind: 'error', item: { level: 'error', custom: { trace_id: TRACE_ID } } },
    ]);
    expect(requests[0]?.headers).toMatchObject({ 'x-rollbar-access-token': 'token' });
  });
});

describe('an item', () => {
  it('is acknowledged with its uuid, or with a new one', async () => {
    const item = { data: { uuid: 'd4c7acef55bf4c9ea95e4fe9428a8287', body: { message: { body: 'x' } } } };
    const token = { 'x-rollbar-access-token': 'token' };
    const named = await post(JSON.stringify(item), token);
    const unnamed = await post(JSON.stringify({ data: { body: {} } }), token);

    expect(await named.json()).toEqual({ err: 0, result: { id: null, uuid: item.data.uuid } });
    expect(await unnamed.json()).toMatchObject({
      result: { uuid: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    });
  });

  it('may have its token in the body', async () => {
    const response = await post(JSON.stringify({ access_token: 'token', data: { body: {} } }));
    expect(response.status).toBe(200);
  });

  it('may be the payload of a form', async () => {
    const payload = JSON.stringify({ access_token: 'token', data: { body: { message: { body: 'a&b=c' } } } });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const response = await post(new URLSearchParams({ payload }).toString(), headers);

    expect(await response.json()).toMatchObject({ err: 0 });
    expect(receivers.reports()).toMatchObject([{ body: { message: { body: 'a&b=c' } } }]);
  });

  it('may be in a list, which is accepted or refused as a whole', async () => {
    const list = (...bodies: unknown[]) => JSON.stringify(bodies.map((body) => ({ data: { body } })));
    const send = (body: string) =>
      fetch(`${receivers.url}/api/1/item_batch/`, {
        method: 'POST',
        headers: { 'x-rollbar-access-token': 'token' },
        body,
      });

    expect((await send(list({}, {}))).status).toBe(200);
    expect(receivers.reports()).toHaveLength(2);
    expect((await send(list({}, null))).status).toBe(422);
    expect(receivers.reports()).toHaveLength(2);
  });

  it.each([
    ['it names no token', 422, '{"data":{"body":{}}}', {}],
    ['it has no data', 422, '{}', { 'x-rollbar-access-token': 'token' }],
    ['its data has no body', 422, '{"data":{}}', { 'x-rollbar-access-token': 'token' }],
    ['it is null', 422, 'null', { 'x-rollbar-access-token': 'token' }],
    ['it is not JSON', 400, '{"data":', { 'x-rollbar-access-token': 'token' }],
  ])('is refused and counted when %s', async (_, status, body, headers) => {
    const response = await post(body, headers);

    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ err: 1, message: expect.any(String) });
    expect(receivers.reports()).toEqual([]);
    expect(receivers.journal.counts().unread.rollbar).toBe(1);
  });
});
