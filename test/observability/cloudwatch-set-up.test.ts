import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeAll, describe, it } from 'vitest';
import { openCloudwatchLogger, setCredentials } from '../helpers/cloudwatch-logger.ts';
import { until } from '../helpers/until.ts';

beforeAll(setCredentials);

type Answers = Readonly<Record<string, { readonly status?: number; readonly body: object }>>;

/** A CloudWatch Logs that answers each operation as it is told. */
async function startScripted(answers: Answers) {
  const operations: string[] = [];
  const server = createServer((request, response) => {
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    operations.push(operation);
    request.resume().on('end', () => {
      const { status = 200, body = {} } = answers[operation] ?? {};
      response.writeHead(status).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    operations,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const failing = (type: string) => ({ status: 400, body: { __type: type } });

describe.concurrent('setting up the stream', () => {
  it('goes on without the retention policy that it may not set, and says so', async ({ expect }) => {
    const { endpoint, operations, close } = await startScripted({
      PutRetentionPolicy: failing('AccessDeniedException'),
    });
    const { logger, counts } = openCloudwatchLogger({ endpoint, retentionDays: 7 });
    logger.info('m');
    await logger.drain(5000);
    expect(counts()).toMatchObject({
      sent: 1,
      dropped: 0,
      last_error: 'AccessDeniedException: PutRetentionPolicy answered 400',
    });
    expect(operations.filter((operation) => operation === 'PutRetentionPolicy')).toHaveLength(1);
    close();
  });

  it('does not look for a stream again and again that never appears', async ({ expect }) => {
    const { endpoint, operations, close } = await startScripted({
      DescribeLogStreams: { body: { logStreams: [null, { logStreamName: 'another' }] } },
      CreateLogStream: failing('OperationAbortedException'),
      PutLogEvents: failing('ResourceNotFoundException'),
    });
    const { logger, counts, sink } = openCloudwatchLogger({ endpoint });
    logger.info('m');
    await until(() => sink.report().last_error !== null);
    expect(operations.length).toBeLessThan(10);
    expect(counts()).toMatchObject({ queued: 1, dropped: 0 });
    await logger.drain(0);
    close();
  });

  it.for<object>([
    { nextSequenceToken: 5, rejectedLogEventsInfo: 'zz' },
    { rejectedLogEventsInfo: { tooOldLogEventEndIndex: 'a', tooNewLogEventStartIndex: 1e99 } },
    { rejectedLogEventsInfo: { tooOldLogEventEndIndex: 99, tooNewLogEventStartIndex: -1 } },
    { rejectedLogEventsInfo: null },
  ])('survives the acknowledgement %j', async (body, { expect }) => {
    const { endpoint, close } = await startScripted({ PutLogEvents: { body } });
    const { logger, counts } = openCloudwatchLogger({ endpoint });
    logger.info('m');
    await logger.drain(5000);
    const { accepted, sent, dropped, queued } = counts();
    expect({ accepted, queued, settled: sent + dropped }).toEqual({ accepted: 1, queued: 0, settled: 1 });
    close();
  });
});
