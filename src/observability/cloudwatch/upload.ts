import type { RejectedLogEventsInfo } from '@aws-sdk/client-cloudwatch-logs';
import WinstonCloudWatch from 'winston-cloudwatch';
import type { Config } from '../../config/config.ts';
import { describeError } from '../../lib/describe-error.ts';
import { type Delivery, Refused, Throttled } from '../delivery/batch-queue.ts';
import { createUploadAttempt } from './attempt.ts';
import { CallFailure } from './call-failure.ts';
import type { LogsClient } from './client.ts';
import type { LogEvent } from './events.ts';

/** What winston-cloudwatch has and its types lack. */
interface Uploader {
  logEvents: LogEvent[];
  submit(callback: (error?: unknown) => void): void;
}

export interface UploadOptions {
  readonly config: NonNullable<Config['cloudwatch']>;
  readonly client: LogsClient;
  onRetentionFailure(failure: unknown): void;
}

/**
 * Creates what uploads a batch through winston-cloudwatch, which creates group and stream and sets the retention on the
 * way. Fails as `BatchQueueOptions.deliver` asks: only a verdict on the events themselves is final. Missing permissions,
 * wrong or expired credentials and a wrong clock are mended while the lines wait, within the bounds of the queue.
 */
export function createUpload(options: UploadOptions): (batch: readonly LogEvent[]) => Promise<Delivery> {
  const { config, client, onRetentionFailure } = options;
  return async (batch) => {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const attempt = createUploadAttempt({ client, onRetentionFailure, onThrow: reject });
    const uploader = new WinstonCloudWatch({
      cloudWatchLogs: attempt.client,
      logGroupName: config.group,
      logStreamName: config.stream,
      ...(config.retentionDays !== undefined && { retentionInDays: config.retentionDays }),
    }) as unknown as Uploader;
    uploader.logEvents = inOrder(batch);
    uploader.submit(resolve);
    const failure = await promise;
    // The library reports success also when it sent nothing, another upload to the stream being under way.
    const answer = attempt.acknowledgement();
    if (answer === undefined) return judge(failure);
    return {
      rejected: countRejected(answer.rejectedLogEventsInfo, batch.length),
      reason: 'too old or too new',
    };
  };
}

/**
 * Oldest first, as PutLogEvents wants them: a clock may step back. winston-cloudwatch sorts again, with a comparison
 * that reverses events of the same millisecond, so its call of `sort` is answered with the events as they are.
 */
function inOrder(batch: readonly LogEvent[]): LogEvent[] {
  const events = batch.toSorted((a, b) => a.timestamp - b.timestamp);
  return Object.assign(events, { sort: () => events });
}

function judge(failure: unknown): Delivery {
  if (!(failure instanceof CallFailure))
    throw failure ?? new Error('another upload to the stream is under way');
  if (failure.name === 'DataAlreadyAcceptedException') return { rejected: 0 };
  if (failure.isFinal) throw new Refused(describeError(failure));
  if (failure.isThrottled) throw new Throttled(describeError(failure), failure.retryAfterMs);
  throw failure;
}

/** The events before the one index and from the other one on were rejected, each for its age. */
function countRejected(info: RejectedLogEventsInfo | undefined, count: number): number {
  const accepted =
    Math.min(info?.tooNewLogEventStartIndex ?? count, count) -
    Math.max(info?.tooOldLogEventEndIndex ?? 0, info?.expiredLogEventEndIndex ?? 0, 0);
  return count - Math.max(accepted, 0);
}
