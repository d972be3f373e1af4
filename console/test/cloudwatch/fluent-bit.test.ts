import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Receivers, startReceivers } from '../helpers/receivers.ts';
import { hex } from '../helpers/telemetry.ts';

/** Fluent Bit's `cloudwatch_logs` output looks for this spelling in the bytes of a response. */
const REQUEST_ID = 'x-amzn-RequestId';
const GROUP = 'firelens-app';
const STREAM = 'from-fluent-bit-app-firelens-0123456789abcdef';

let receivers: Receivers;
beforeAll(async () => {
  receivers = await startReceivers();
});
afterAll(() => receivers.close());

/** Sends the bytes of requests one after the other over one connection, and resolves with the responses. */
async function exchange(...requests: readonly string[]): Promise<string[]> {
  const socket = connect(receivers.httpPort, '127.0.0.1');
  const chunks = socket[Symbol.asyncIterator]();
  const answers: string[] = [];
  for (const request of requests) {
    socket.write(request);
    let answer = '';
    while (!isComplete(answer)) answer += String((await chunks.next()).value);
    answers.push(answer);
  }
  socket.destroy();
  return answers;
}

function isComplete(answer: string): boolean {
  const end = answer.indexOf('\r\n\r\n');
  const length = Number(/content-length: (\d+)/i.exec(answer)?.[1] ?? Number.NaN);
  return end >= 0 && Buffer.byteLength(answer.slice(end + 4)) >= length;
}

/** Returns the bytes of a request, as version 1.8.15 sends them. */
function call(operation: string, body: string): string {
  return [
    'POST / HTTP/1.1',
    `Host: 127.0.0.1:${receivers.httpPort}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Content-Type: application/x-amz-json-1.1',
    'User-Agent: aws-fluent-bit-plugin',
    `X-Amz-Target: Logs_20140328.${operation}`,
    'x-amz-date: 20261129T060000Z',
    'Authorization: AWS4-HMAC-SHA256 Credential=local/20261129/ca-central-1/logs/aws4_request, SignedHeaders=host, Signature=0',
    '',
    body,
  ].join('\r\n');
}

const createStream = () => call('CreateLogStream', `{"logGroupName":"${GROUP}","logStreamName":"${STREAM}"}`);

function put(...records: readonly object[]): string {
  const events = records.map(
    (record) => `{"timestamp":${Date.now()},"message":${JSON.stringify(JSON.stringify(record))}}`,
  );
  return call(
    'PutLogEvents',
    `{"logGroupName":"${GROUP}","logStreamName":"${STREAM}","logEvents":[${events.join(',')}]}`,
  );
}

/** The fields that FireLens adds to each record. */
const firelens = {
  container_id: '0123456789abcdef0123456789abcdef-3456789012',
  container_name: 'app',
  ecs_cluster: 'cruddur',
  ecs_task_arn: 'arn:aws:ecs:ca-central-1:123456789012:task/cruddur/0123456789abcdef0123456789abcdef',
  ecs_task_definition: 'backend:7',
  source: 'stdout',
};

describe("Fluent Bit's requests", () => {
  it('create the group and the stream, as their error names tell it to', async () => {
    const [noGroup, group, stream, again] = await exchange(
      createStream(),
      call('CreateLogGroup', `{"logGroupName":"${GROUP}"}`),
      createStream(),
      createStream(),
    );
    expect(noGroup).toMatch(/^HTTP\/1.1 400 .*"__type":"ResourceNotFoundException"/s);
    expect(group).toMatch(/^HTTP\/1.1 200 /);
    expect(stream).toMatch(/^HTTP\/1.1 200 /);
    expect(again).toMatch(/^HTTP\/1.1 400 .*"__type":"ResourceAlreadyExistsException"/s);
  });

  it('are answered with the id of the request in its spelling, without which it sends the lines again', async () => {
    const [answer] = await exchange(put({ ...firelens, log: 'hello' }));
    expect(answer).toMatch(/^HTTP\/1.1 200 /);
    expect(answer).toContain(REQUEST_ID);
  });

  it('bring lines to the page of their trace, from every kind of record', async () => {
    const id = hex(16);
    const span = '53995c3f42cd8ad8';
    await exchange(
      put(
        { ...firelens, log: JSON.stringify({ level: 'info', message: 'json', trace_id: id }) },
        { ...firelens, log: `INFO [app,${id},${span}] 1 --- [main] spring` },
        { ...firelens, log: `level=info msg=logfmt traceID=${id}` },
        {
          ...firelens,
          partial_message: 'true',
          partial_id: 'a',
          partial_last: 'false',
          log: `{"trace_id":"${id}","t":"part`,
        },
        { log: 'parsed', trace: { id }, kubernetes: { pod_name: 'app-1', pod_id: crypto.randomUUID() } },
      ),
    );
    const view = (await (await fetch(`${receivers.url}/api/traces/${id}`)).json()) as { logs: object[] };
    expect(view.logs).toHaveLength(5);
  });

  it('bring all parts of a long line to the page of its trace, and only those', async () => {
    const id = hex(16);
    const part = (partial_id: string, partial_ordinal: string, log: string, partial_last = 'false') => ({
      ...firelens,
      partial_message: 'true',
      partial_id,
      partial_ordinal,
      partial_last,
      log,
    });
    await exchange(
      put(part('a', '1', `{"trace_id":"${id}","text":"one`), part('b', '1', 'other')),
      put(part('a', '2', 'two')),
      put(part('b', '2', 'other'), part('a', '3', 'three"}', 'true'), part('a', '1', 'a new line')),
    );
    const view = (await (await fetch(`${receivers.url}/api/traces/${id}`)).json()) as { logs: object[] };
    expect(view.logs).toMatchObject([
      { fields: { partial_ordinal: '1' } },
      { fields: { partial_ordinal: '2' } },
      { fields: { partial_ordinal: '3' } },
    ]);
  });

  it('remember the parts of at most 1,000 lines', async () => {
    const [first, last] = [hex(16), hex(16)];
    const ids = [first, ...Array.from({ length: 999 }, () => hex(16)), last];
    await exchange(put(...ids.map((id, n) => ({ partial_id: `bound-${n}`, log: `trace_id=${id}` }))));
    await exchange(put({ partial_id: 'bound-0', log: 'rest' }, { partial_id: 'bound-1000', log: 'rest' }));
    const linesOf = async (id: string) =>
      ((await (await fetch(`${receivers.url}/api/traces/${id}`)).json()) as { logs: object[] }).logs.length;
    expect([await linesOf(first), await linesOf(last)]).toEqual([1, 2]);
  });

  it('do not link a line by the ids of its container and task', async () => {
    const before = [...receivers.journal.summaries()].length;
    await exchange(put({ ...firelens, log: `user ${crypto.randomUUID()} ${hex(16)}` }));
    expect([...receivers.journal.summaries()]).toHaveLength(before);
  });
});
