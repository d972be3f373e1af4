import { createSocket } from 'node:dgram';
import AWSXRay from 'aws-xray-sdk-core';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Receivers, startReceivers } from '../helpers/receivers.ts';
import { until } from '../helpers/until.ts';

const HEADER = '{"format":"json","version":1}\n';
const SEGMENT = {
  id: '70de5b6f19ff9a0a',
  name: 'x',
  trace_id: '1-58406520-a006649127e371903a2de979',
  start_time: 1_480_615_200,
};

AWSXRay.enableManualMode();

let receivers: Receivers;
beforeEach(async () => {
  receivers = await startReceivers();
  AWSXRay.setDaemonAddress(daemon());
});
afterEach(() => receivers.close());

function daemon(): string {
  return receivers.variables.AWS_XRAY_DAEMON_ADDRESS ?? '';
}

async function send(...datagrams: (string | Uint8Array)[]): Promise<void> {
  const socket = createSocket('udp4');
  const port = Number(daemon().split(':')[1]);
  for (const datagram of datagrams) {
    await new Promise((resolve) => socket.send(datagram, port, '127.0.0.1', resolve));
  }
  socket.close();
}

describe('a segment of the X-Ray SDK', () => {
  it('arrives with its subsegments, annotations and metadata', async () => {
    const segment = new AWSXRay.Segment('backend-express', '1-58406520-a006649127e371903a2de979');
    const subsegment = segment.addNewSubsegment('home-activities');
    subsegment.addAnnotation('app_result_length', 3);
    subsegment.addMetadata('now', '2026-01-01', 'cruddur');
    subsegment.addError(new Error('boom'));
    subsegment.close();
    segment.close();

    await until(() => receivers.segments().length === 1);
    expect(receivers.segments()[0]).toMatchObject({
      name: 'backend-express',
      trace_id: '1-58406520-a006649127e371903a2de979',
      subsegments: [
        {
          name: 'home-activities',
          fault: true,
          annotations: { app_result_length: 3 },
          metadata: { cruddur: { now: '2026-01-01' } },
        },
      ],
    });
    expect(receivers.journal.byTrace('58406520a006649127e371903a2de979')).toHaveLength(1);
  });

  it('is one tree again when its subsegments were streamed in parts', async () => {
    const segment = new AWSXRay.Segment('large');
    const parts = Array.from({ length: 150 }, (_, i) => segment.addNewSubsegment(`part-${i}`));
    for (const part of parts) part.close();
    segment.close();

    await until(() => receivers.segments()[0]?.subsegments?.length === 150);
    expect(receivers.segments()).toHaveLength(1);
    expect(receivers.journal.entries().length).toBeGreaterThan(1);
  });

  it('is one segment when it was sent in progress and again when complete', async () => {
    const segment = new AWSXRay.Segment('slow');
    segment.flush();
    segment.close();

    await until(() => receivers.journal.entries().length === 2);
    expect(receivers.segments()).toMatchObject([{ name: 'slow', end_time: expect.any(Number) }]);
  });
});

describe('a datagram', () => {
  it('may be as large as UDP allows', async () => {
    const segment = { ...SEGMENT, metadata: { cruddur: { text: '' } } };
    const rest = 65_507 - Buffer.byteLength(HEADER + JSON.stringify(segment));
    segment.metadata.cruddur.text = 'x'.repeat(rest);
    await send(HEADER + JSON.stringify(segment));

    await until(() => receivers.segments().length === 1);
    expect(receivers.segments()).toEqual([segment]);
  });
});

describe('the header of a datagram', () => {
  it.each([
    ['spaces', '{"format": "json", "version": 1}\n'],
    ['the format in capitals', '{"format":"JSON","version":1}\n'],
    ['the end of a line of Windows', '{"format":"json","version":1}\r\n'],
  ])('may be written with %s', async (_, header) => {
    await send(header + JSON.stringify(SEGMENT, null, 2));

    await until(() => receivers.segments().length === 1);
    expect(receivers.segments()).toEqual([SEGMENT]);
  });
});

describe('datagrams that are not segments', () => {
  it.each([
    ['no header', JSON.stringify(SEGMENT)],
    ['another version', `{"format":"json","version":2}\n${JSON.stringify(SEGMENT)}`],
    ['another format', `{"format":"text","version":1}\n${JSON.stringify(SEGMENT)}`],
    ['cut off', `${HEADER}${JSON.stringify(SEGMENT).slice(0, -1)}`],
    ['nothing after the header', HEADER],
    ['null', `${HEADER}null`],
    ['no id', `${HEADER}${JSON.stringify({ ...SEGMENT, id: undefined })}`],
    ['no trace', `${HEADER}${JSON.stringify({ ...SEGMENT, trace_id: '1-2-3' })}`],
    ['no time', `${HEADER}${JSON.stringify({ ...SEGMENT, start_time: 'now' })}`],
    ['nested too deep', `${HEADER}{"metadata":${'['.repeat(30_000)}${']'.repeat(30_000)}}`],
    ['empty', ''],
  ])('are counted as unreadable: %s', async (_, datagram) => {
    await send(datagram, `${HEADER}${JSON.stringify(SEGMENT)}`);

    await until(() => receivers.segments().length === 1);
    expect(receivers.journal.unread()).toMatchObject([{ protocol: 'xray', reason: expect.any(String) }]);
  });

  it('never end the process, whatever their content', async () => {
    const datagram = fc.oneof(
      fc.uint8Array({ maxLength: 100 }),
      fc.json().map((json) => `${HEADER}${json}`),
      fc.json().map((json) => `${HEADER}${JSON.stringify({ ...SEGMENT, subsegments: JSON.parse(json) })}`),
    );
    await fc.assert(
      fc.asyncProperty(datagram, (content) => send(content)),
      { numRuns: 100 },
    );
    await send(`${HEADER}${JSON.stringify({ ...SEGMENT, name: 'last' })}`);

    await until(() => receivers.segments().some(({ name }) => name === 'last'));
  });
});
