import { CloudWatchLogs, type InputLogEvent } from '@aws-sdk/client-cloudwatch-logs';
import { afterEach, beforeEach } from 'vitest';
import { type Receivers, startReceivers } from '../helpers/receivers.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** The stream that tests write to. */
export const STREAM = { logGroupName: 'cruddur', logStreamName: 'web/host' };

/** Creates a client of the AWS SDK for the console. It does not retry. */
export function createCloudWatchClient({ url }: Pick<Receivers, 'url'>): CloudWatchLogs {
  return new CloudWatchLogs({
    region: 'ca-central-1',
    endpoint: url,
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
}

/** Creates `STREAM` and its group. */
export async function createStream(client: CloudWatchLogs): Promise<void> {
  await client.createLogGroup({ logGroupName: STREAM.logGroupName });
  await client.createLogStream(STREAM);
}

/** Returns a log event from `ago` milliseconds before now. */
export function event(message: string, ago = 0): InputLogEvent {
  return { timestamp: Date.now() - ago, message };
}

/** Starts a console with `STREAM` for each test of the file, and a client of it. */
export function useCloudWatch() {
  const current = {} as { receivers: Receivers; client: CloudWatchLogs };
  beforeEach(async () => {
    current.receivers = await startReceivers();
    current.client = createCloudWatchClient(current.receivers);
    await createStream(current.client);
  });
  afterEach(async () => {
    current.client.destroy();
    await current.receivers.close();
  });
  return current;
}

/** Puts messages with times in milliseconds from `now`, in order. */
export async function putMessages(
  client: CloudWatchLogs,
  messages: Readonly<Record<string, number>>,
  { now, logStreamName = STREAM.logStreamName }: { readonly now: number; readonly logStreamName?: string },
): Promise<void> {
  const logEvents = Object.entries(messages).map(([message, at]) => ({ message, timestamp: now + at }));
  await client.putLogEvents({ ...STREAM, logStreamName, logEvents });
}
