import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Receivers, startReceivers } from '../helpers/telemetry/receivers.ts';

let receivers: Receivers;
beforeEach(async () => {
  receivers = await startReceivers();
});
afterEach(() => receivers.close());

function report(body: string): Promise<Response> {
  return fetch(`${receivers.environment.ROLLBAR_ENDPOINT}`, {
    method: 'POST',
    headers: { 'x-rollbar-access-token': 'token', 'x-test': 'yes' },
    body,
  });
}

describe('the receivers', () => {
  it('record each request as it was on the wire', async () => {
    await report('{"data":{"body":{}}}');
    await report('no json');

    expect(receivers.requests('rollbar')).toMatchObject([
      { method: 'POST', path: '/api/1/item/', headers: { 'x-test': 'yes' }, json: { data: { body: {} } } },
      { json: undefined },
    ]);
    expect(receivers.requests('otlp')).toEqual([]);
    expect(receivers.requests()).toHaveLength(2);
  });

  it('wait until something has arrived', async () => {
    const arrived = receivers.until(() => receivers.reports()[0]);
    await report('{"data":{"body":{},"level":"error"}}');

    expect(await arrived).toMatchObject({ level: 'error' });
  });

  it('say what is missing when it never arrives', async () => {
    await report('{"data":{"body":{}}}');
    await report('{}');
    const waiting = receivers.until(() => {
      expect(receivers.reports()).toHaveLength(2);
      return true;
    }, 50);

    await expect(waiting).rejects.toThrow(
      /not true after 50 ms.*length.*0 spans.*1 reports.*rollbar: the item/s,
    );
  });
});
