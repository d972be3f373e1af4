import { beforeAll, describe, it } from 'vitest';
import { openCloudwatchLogger, setCredentials } from '../../helpers/telemetry/cloudwatch-logger.ts';
import { failing, startScriptedCloudwatch } from '../../helpers/telemetry/scripted-cloudwatch.ts';
import { until } from '../../helpers/until.ts';

beforeAll(setCredentials);

describe.concurrent('setting up the stream', () => {
  it('continues without permission to set the retention policy, and reports it', async ({ expect }) => {
    const { endpoint, operations, close } = await startScriptedCloudwatch({
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

  it('does not poll for a stream that never appears', async ({ expect }) => {
    const { endpoint, operations, close } = await startScriptedCloudwatch({
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
    const { endpoint, close } = await startScriptedCloudwatch({ PutLogEvents: { body } });
    const { logger, counts } = openCloudwatchLogger({ endpoint });
    logger.info('m');
    await logger.drain(5000);
    const { accepted, sent, dropped, queued } = counts();
    expect({ accepted, queued, settled: sent + dropped }).toEqual({ accepted: 1, queued: 0, settled: 1 });
    close();
  });
});
