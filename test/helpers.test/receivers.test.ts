import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Receivers, startReceivers } from '../helpers/telemetry/receivers.ts';

let receivers: Receivers;
beforeEach(async () => {
  receivers = await startReceivers();
});
afterEach(() => receivers.close().catch(() => {}));

const ITEM = { environment: 'test', level: 'error', body: { message: { body: 'hello' } } };
const SPAN = {
  traceId: 'a'.repeat(32),
  spanId: 'b'.repeat(16),
  name: 'a span',
  kind: 2,
  startTimeUnixNano: '1700000000000000000',
  endTimeUnixNano: '1700000000000000001',
  attributes: [{ key: 'list', value: { arrayValue: { values: [{ intValue: 1 }, { stringValue: 'a' }] } } }],
};
const SEGMENT = {
  id: 'c'.repeat(16),
  trace_id: `1-58406520-${'a'.repeat(24)}`,
  name: 'a segment',
  start_time: 1,
  end_time: 2,
};
const HEADER = '{"format":"json","version":1}\n';

async function post(path: string, body: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${receivers.url}${path}`, { method: 'POST', headers, body });
  return { status: response.status, body: await response.json() };
}

const report = (data: object) =>
  post('/api/1/item/', JSON.stringify({ data }), { 'x-rollbar-access-token': 'token', 'x-test': 'yes' });

const sendSpan = (span: object) =>
  post('/v1/traces', JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }), {
    'content-type': 'application/json',
  });

async function sendDatagram(text: string): Promise<void> {
  const socket = createSocket('udp4');
  socket.send(text, Number(receivers.environment.AWS_XRAY_DAEMON_ADDRESS?.split(':')[1]), '127.0.0.1');
  await receivers.until(() => receivers.segments().length + receivers.unreadable().length > 0);
  socket.close();
  await once(socket, 'close');
}

function callLogs(
  operation: string,
  input: object,
  authorization = 'AWS4-HMAC-SHA256 k/d/r/logs/aws4_request',
) {
  return post('/', JSON.stringify(input), {
    authorization,
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': `Logs_20140328.${operation}`,
  });
}

describe('the receivers', () => {
  it('record each request as it was on the wire', async () => {
    await report(ITEM);
    await post('/api/1/item/', 'no json');

    expect(receivers.requests('rollbar')).toMatchObject([
      { method: 'POST', path: '/api/1/item/', headers: { 'x-test': 'yes' }, json: { data: ITEM } },
      { json: undefined },
    ]);
    expect(receivers.requests('otlp')).toEqual([]);
    expect(receivers.requests()).toHaveLength(2);
  });

  it('wait until something has arrived', async () => {
    const arrived = receivers.until(() => receivers.reports()[0]);
    await report(ITEM);

    expect(await arrived).toMatchObject({ level: 'error' });
  });

  it('name what is missing when it never arrives', async () => {
    await report(ITEM);
    await report({ ...ITEM, level: 'dreadful' });
    const waiting = receivers.until(() => {
      expect(receivers.reports()).toHaveLength(2);
      return true;
    }, 50);

    await expect(waiting).rejects.toThrow(
      /not true after 50 ms.*length.*0 spans.*1 reports.*1 that could not be read.*rollbar:.*level/s,
    );
  });

  it('do not close quietly when something could not be read', async () => {
    await post('/nowhere', '');

    await expect(receivers.close()).rejects.toThrow('no protocol has POST /nowhere');
  });

  it('read attributes as plain values', async () => {
    expect(await sendSpan(SPAN)).toEqual({ status: 200, body: { partialSuccess: {} } });

    expect(receivers.spans()).toMatchObject([{ kind: 'server', attributes: { list: [1, 'a'] } }]);
  });

  it('put subsegments that were sent apart under their parents', async () => {
    const apart = { ...SEGMENT, id: 'd'.repeat(16), type: 'subsegment', parent_id: SEGMENT.id };
    const documents = [JSON.stringify(apart), JSON.stringify(SEGMENT)];
    await post('/TraceSegments', JSON.stringify({ TraceSegmentDocuments: documents }));

    expect(receivers.segments()).toEqual([{ ...SEGMENT, subsegments: [apart] }]);
  });

  it.each([
    ['a span with an unknown field', () => sendSpan({ ...SPAN, parentSpanID: SPAN.spanId }), /parentSpanID/],
    ['a span without a trace id', () => sendSpan({ ...SPAN, traceId: '0'.repeat(32) }), /traceId/],
    ['a span that ends before it starts', () => sendSpan({ ...SPAN, endTimeUnixNano: '1' }), /ends before/],
    ['spans that are not JSON', () => post('/v1/traces', '{}'), /content type/],
    ['a report without a body', () => report({ ...ITEM, body: {} }), /body/],
    ['a report without a token', () => post('/api/1/item/', JSON.stringify({ data: ITEM })), /token/],
    ['a datagram without its header', () => sendDatagram(JSON.stringify(SEGMENT)), /header line/],
    ['a datagram with half a segment', () => sendDatagram(`${HEADER}{"id":`), /expected nonoptional|object/],
    [
      'a segment that is neither open nor ended',
      () => sendDatagram(HEADER + JSON.stringify({ ...SEGMENT, end_time: undefined })),
      /either end_time or in_progress/,
    ],
    ['an unsigned call of CloudWatch Logs', () => callLogs('CreateLogGroup', {}, 'none'), /not signed/],
    ['an unknown operation', () => callLogs('Describe', {}), /unknown operation/],
    ['statistics without a client', () => post('/SamplingTargets', '{}'), /SamplingStatisticsDocuments/],
  ])('refuse %s', async (_what, send, reason) => {
    const answer = await send();

    if (answer) expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(receivers.unreadable()).toEqual([expect.stringMatching(reason)]);
    expect([receivers.spans(), receivers.segments(), receivers.reports()]).toEqual([[], [], []]);
  });
});

describe('CloudWatch Logs', () => {
  const names = { logGroupName: 'group', logStreamName: 'stream' };
  const { logGroupName } = names;
  const put = (...events: [ageMs: number, message: string][]) =>
    callLogs('PutLogEvents', {
      ...names,
      logEvents: events.map(([ageMs, message]) => ({ timestamp: Date.now() - ageMs, message })),
    });

  it('names what is missing or there already', async () => {
    const missing = { status: 400, body: { __type: 'ResourceNotFoundException' } };
    const present = { status: 400, body: { __type: 'ResourceAlreadyExistsException' } };
    expect(await callLogs('DescribeLogStreams', { logGroupName })).toMatchObject(missing);
    expect(await callLogs('CreateLogGroup', { logGroupName })).toMatchObject({ status: 200 });
    expect(await callLogs('CreateLogGroup', { logGroupName })).toMatchObject(present);
    expect(await put([0, 'lost'])).toMatchObject(missing);
    expect(await callLogs('CreateLogStream', names)).toMatchObject({ status: 200 });
    expect(await callLogs('CreateLogStream', names)).toMatchObject(present);
    expect((await callLogs('DescribeLogStreams', { logGroupName })).body).toMatchObject({
      logStreams: [{ logStreamName: 'stream' }],
    });

    expect(receivers.logEvents()).toEqual([]);
    expect(receivers.unreadable()).toEqual([]);
  });

  it('rejects what is too old, too new or out of order', async () => {
    const hour = 3_600_000;
    await callLogs('CreateLogGroup', { logGroupName });
    await callLogs('CreateLogStream', names);
    await callLogs('PutRetentionPolicy', { logGroupName, retentionInDays: 7 });

    const { body } = await put(
      [15 * 24 * hour, 'old'],
      [8 * 24 * hour, 'expired'],
      [0, 'now'],
      [-3 * hour, 'new'],
    );
    expect(body).toMatchObject({
      rejectedLogEventsInfo: {
        tooOldLogEventEndIndex: 1,
        expiredLogEventEndIndex: 2,
        tooNewLogEventStartIndex: 3,
      },
    });
    expect(await put([0, 'second'], [hour, 'first'])).toMatchObject({ status: 400 });
    expect(receivers.logEvents().map(({ message }) => message)).toEqual(['now']);
    expect(receivers.unreadable()).toEqual([expect.stringMatching('chronological order')]);
  });
});
