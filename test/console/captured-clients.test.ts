import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bytesOf, readCaptured, sendCaptured } from '../helpers/captured-clients.ts';
import { type Receivers, startReceivers } from '../helpers/receivers.ts';

const TRACE_ID = '58406520a006649127e371903a2de979';

let receivers: Receivers;
beforeEach(async () => {
  receivers = await startReceivers();
});
afterEach(() => receivers.close());

/** Sends what the client sent; resolves with the statuses of the answers. */
async function replay(name: string): Promise<(number | undefined)[]> {
  const statuses: (number | undefined)[] = [];
  for (const message of readCaptured(name).messages) {
    statuses.push(await sendCaptured(receivers, message, bytesOf(message)));
  }
  return statuses;
}

describe('what real clients sent is read whole', () => {
  it.each(['go', 'python', 'js-json', 'js-protobuf'])('OpenTelemetry: %s', async (sdk) => {
    expect(await replay(`opentelemetry-${sdk}`)).toEqual([200]);

    const failed = sdk === 'python';
    expect(receivers.spans()).toMatchObject([
      {
        name: 'GET /orders',
        kind: 'server',
        status: { code: failed ? 'error' : 'unset' },
        attributes: {
          'http.request.method': 'GET',
          'http.route': '/orders',
          'http.response.status_code': failed ? 500 : 200,
          sizes: [1, 2],
        },
        events: [{ name: failed ? 'exception' : 'cache.miss' }],
        scope: { name: 'orders' },
        resource: { 'service.name': `orders-${sdk.slice(0, 2)}` },
      },
    ]);
    expect([...receivers.journal.summaries()]).toMatchObject([
      { name: 'GET /orders', status: failed ? 500 : 200, failed },
    ]);
    expect(receivers.journal.unread()).toEqual([]);
  });

  it('the AWS SDK, to CloudWatch Logs', async () => {
    expect(await replay('aws-sdk-cloudwatch-logs')).toEqual([200, 200, 200, 200]);

    expect(receivers.logEvents()).toMatchObject([
      { group: 'orders', stream: 'a/b', fields: { message: 'GET /orders 200', trace_id: TRACE_ID } },
      { message: 'plain — line' },
    ]);
    expect(receivers.journal.byTrace(TRACE_ID)).toHaveLength(1);
  });

  it("Rollbar's own client", async () => {
    expect(await replay('rollbar')).toEqual([200, 200]);

    expect(receivers.reports()).toMatchObject([
      { level: 'error', request: { url: 'http://localhost/orders?id=1' } },
      { level: 'warning', body: { message: { body: 'Hello World!' } } },
    ]);
    expect([...receivers.journal.summaries()]).toMatchObject([
      { traceId: TRACE_ID, method: 'GET', path: '/orders?id=1', failed: true },
    ]);
  });

  it("X-Ray's SDK", async () => {
    await replay('aws-xray-sdk');
    await receivers.until(() => receivers.segments().length === 1);

    expect(receivers.segments()).toMatchObject([
      { name: 'orders', annotations: { http_route: '/orders' }, subsegments: [{ name: 'list-orders' }] },
    ]);
    expect(receivers.journal.byTrace(TRACE_ID)).toHaveLength(1);
  });

  it('this service, as one request under one id', async () => {
    await replay('cruddur');
    await receivers.until(() => receivers.segments().length === 1);

    expect(receivers.journal.summary(TRACE_ID)).toMatchObject({
      ...{ name: 'GET /api/activities/home', service: 'backend-express', status: 503, failed: true },
      counts: { span: 3, segment: 1, log: 3, error: 1 },
    });
    expect(
      receivers
        .spans()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['GET /api/activities/home', 'SELECT activities', 'home-activities']);
    expect(receivers.journal.unread()).toEqual([]);
  });
});
