import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Receivers, startReceivers } from '../helpers/receivers.ts';
import awsCli from '../payloads/aws-cli-xray.json' with { type: 'json' };

const TRACE_ID = '1-58406520-a006649127e371903a2de979';
const SEGMENT = {
  id: '70de5b6f19ff9a0a',
  name: 'backend-express',
  trace_id: TRACE_ID,
  start_time: 1_480_615_200.01,
  end_time: 1_480_615_200.09,
};

let receivers: Receivers;
beforeEach(async () => {
  receivers = await startReceivers();
});
afterEach(() => receivers.close());

function post(path: string, body: unknown, origin = receivers.url): Promise<Response> {
  return fetch(origin + path, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

function put(...documents: unknown[]): Promise<Response> {
  return post('/TraceSegments', {
    TraceSegmentDocuments: documents.map((document) =>
      typeof document === 'string' ? document : JSON.stringify(document),
    ),
  });
}

function replay({ path, headers, body }: { path: string; headers: Record<string, string>; body: string }) {
  return fetch(receivers.url + path, { method: 'POST', headers, body });
}

describe('the AWS CLI', () => {
  it('writes a segment and a separate subsegment, and reads them as one tree', async () => {
    const taken = await (await replay(awsCli.putTraceSegments)).json();
    const given = (await (await replay(awsCli.batchGetTraces)).json()) as {
      Traces: { Segments: { Document: string }[] }[];
    };

    expect(taken).toEqual({
      UnprocessedTraceSegments: [
        { ErrorCode: 'MissingId', Message: 'Invalid segment. ErrorCode: MissingId' },
        { ErrorCode: 'ParseError', Message: 'Invalid segment. ErrorCode: ParseError' },
      ],
    });
    expect(given).toMatchObject({
      Traces: [
        {
          Id: '1-5832862d-a43aafded3334a971fe312db',
          Duration: 0.007,
          LimitExceeded: false,
          Segments: [{ Id: '20312a0e2b8809f4' }],
        },
      ],
      UnprocessedTraceIds: ['1-5832862d-a43aafded3334a971fe312dc'],
    });
    expect(JSON.parse(given.Traces[0]?.Segments[0]?.Document ?? '')).toMatchObject({
      name: 'backend-express',
      subsegments: [{ name: 'home-activities' }],
    });
  });
});

describe('segments from the daemon', () => {
  it('are in their trace, on either port', async () => {
    const daemon = `http://${receivers.variables.AWS_XRAY_DAEMON_ADDRESS}`;
    const body = { TraceSegmentDocuments: [JSON.stringify(SEGMENT)] };
    const answers = [await post('/TraceSegments', body), await post('/TraceSegments', body, daemon)];

    for (const answer of answers) expect(await answer.json()).toEqual({ UnprocessedTraceSegments: [] });
    expect(receivers.journal.byTrace(TRACE_ID)).toMatchObject([{ segment: SEGMENT }, { segment: SEGMENT }]);
  });

  it('may share a document', async () => {
    const subsegments = [1, 2].map((n) => ({
      ...SEGMENT,
      id: `70de5b6f19ff9a0${n}`,
      type: 'subsegment',
      parent_id: SEGMENT.id,
    }));
    await put(SEGMENT, subsegments);

    expect(receivers.segments()).toMatchObject([{ subsegments: [{}, {}] }]);
  });

  it.each([
    ['MissingId', undefined, { ...SEGMENT, id: undefined }],
    ['MissingId', undefined, []],
    ['InvalidId', '70de', { ...SEGMENT, id: '70de' }],
    ['MissingTraceId', SEGMENT.id, { ...SEGMENT, trace_id: undefined }],
    ['InvalidTraceId', SEGMENT.id, { ...SEGMENT, trace_id: '1-2-3' }],
    ['MissingName', SEGMENT.id, { ...SEGMENT, name: undefined }],
    ['MissingStartTime', SEGMENT.id, { ...SEGMENT, start_time: 'now' }],
    ['ParseError', undefined, '{"id":"70de5b6f19ff9a0a"'],
    ['ParseError', undefined, 'null'],
    ['InvalidSegment', undefined, { ...SEGMENT, metadata: 'x'.repeat(65_536) }],
  ])('are rejected one by one, and counted: %s', async (ErrorCode, Id, document) => {
    const answer = await (await put(SEGMENT, document)).json();

    expect(answer).toEqual({
      UnprocessedTraceSegments: [
        { ...(Id && { Id }), ErrorCode, Message: `Invalid segment. ErrorCode: ${ErrorCode}` },
      ],
    });
    expect(receivers.segments()).toEqual([SEGMENT]);
    expect(receivers.journal.counts().unread.xray).toBe(1);
  });

  it('may be as large as in X-Ray', async () => {
    const metadata = 'x'.repeat(65_536 - JSON.stringify({ ...SEGMENT, metadata: '' }).length);
    const answer = await (await put({ ...SEGMENT, metadata })).json();

    expect(answer).toEqual({ UnprocessedTraceSegments: [] });
  });

  it('are counted as unreadable when the daemon dropped some', async () => {
    const answer = await replay(awsCli.putTelemetryRecords);

    expect(await answer.json()).toEqual({});
    expect(receivers.journal.unread()).toMatchObject([
      { protocol: 'xray', reason: 'the daemon dropped 3 segments' },
    ]);
  });

  it('are not counted as unreadable when it dropped none', async () => {
    const record = {
      Timestamp: 1,
      SegmentsReceivedCount: 5,
      SegmentsSentCount: 5,
      SegmentsSpilloverCount: 0,
    };
    await post('/TelemetryRecords', { TelemetryRecords: [record], Hostname: 'host' });

    expect(receivers.journal.unread()).toEqual([]);
  });
});

describe('a trace in BatchGetTraces', () => {
  it('may be requested by any form of its id', async () => {
    await put(SEGMENT);
    const ids = [TRACE_ID, '58406520a006649127e371903a2de979'];
    const answer = (await (await post('/Traces', { TraceIds: ids })).json()) as { Traces: unknown[] };

    expect(answer).toMatchObject({ Traces: ids.map((Id) => ({ Id, Duration: 0.08 })) });
  });

  it('is returned while its segment is in progress', async () => {
    await put({ ...SEGMENT, end_time: undefined, in_progress: true });
    const answer = await (await post('/Traces', { TraceIds: [TRACE_ID] })).json();

    expect(answer).toMatchObject({ Traces: [{ Duration: 0, Segments: [{ Id: SEGMENT.id }] }] });
  });
});

describe('a request that X-Ray refuses', () => {
  it.each([
    ['51 documents', '/TraceSegments', { TraceSegmentDocuments: Array(51).fill('{}') }],
    ['no documents', '/TraceSegments', {}],
    ['documents that are not strings', '/TraceSegments', { TraceSegmentDocuments: [SEGMENT] }],
    ['no records', '/TelemetryRecords', {}],
    ['six traces', '/Traces', { TraceIds: Array(6).fill(TRACE_ID) }],
    ['no traces', '/Traces', { TraceIds: [] }],
    ['trace ids that are not strings', '/Traces', { TraceIds: [1] }],
    ['a token', '/Traces', { TraceIds: [TRACE_ID], NextToken: 'x' }],
    ['no JSON', '/TraceSegments', '{'],
    ['no object', '/TraceSegments', 'null'],
  ])('is refused with an error of X-Ray, and counted: %s', async (_, path, body) => {
    const response = await post(path, body);

    expect(response.status).toBe(400);
    expect(response.headers.get('x-amzn-errortype')).toBe('InvalidRequestException');
    expect(await response.json()).toEqual({ Message: expect.any(String) });
    expect(receivers.journal.counts().unread.xray).toBe(1);
  });

  it('includes one with another method', async () => {
    const response = await fetch(`${receivers.url}/TraceSegments`);

    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
  });
});
