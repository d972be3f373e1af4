import { createRequire } from 'node:module';
import type * as aws from '@aws-sdk/client-cloudwatch-logs';
import type { Config } from '../../config/config.ts';
import { describeError } from '../../lib/describe-error.ts';
import { type Delivery, Refused, Throttled } from '../delivery/delivery.ts';
import { CallFailure } from './call-failure.ts';
import type { LogsClient } from './client.ts';
import { bodyOf, type EventBatch } from './event-buffer.ts';

type Callback = (error?: unknown, output?: object) => void;

/** The part of winston-cloudwatch that calls CloudWatch Logs. Its transport would add an unbounded queue. */
const library: {
  upload(
    client: object,
    group: string,
    stream: string,
    events: { message: string }[],
    retentionDays: number,
    options: object,
    done: Callback,
  ): void;
} = createRequire(import.meta.url)('winston-cloudwatch/lib/cloudwatch-integration');

/** Failures that winston-cloudwatch handles: it creates the missing group or stream, or continues. */
const HANDLED = new Set([
  'InvalidSequenceTokenException',
  'OperationAbortedException',
  'ResourceAlreadyExistsException',
  'ResourceNotFoundException',
]);

/** Stands for a batch, whose body is complete: the library only creates the stream and decides when to send. */
const WHOLE_BATCH = { message: '' };

export interface UploadOptions {
  readonly config: NonNullable<Config['cloudwatch']>;
  readonly client: LogsClient;
  onRetentionFailure(failure: unknown): void;
}

/**
 * Returns a function that uploads a batch through winston-cloudwatch, which also creates group and stream and
 * sets the retention. It rejects as `BatchQueueOptions.deliver` specifies. Only a rejection of the events
 * themselves is final: permissions, credentials and clocks can be corrected while the lines wait.
 */
export function createUpload(options: UploadOptions): (batch: EventBatch) => Promise<Delivery> {
  const { group, stream, retentionDays = 0 } = options.config;
  return async (batch) => {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const client = createSingleAttemptClient(options, bodyOf(batch), reject);
    library.upload(client, group, stream, [WHOLE_BATCH], retentionDays, {}, resolve);
    const failure = await promise;
    const { acknowledgement } = client;
    // The library also reports success when it sent nothing, because another upload is in progress.
    if (acknowledgement === undefined) return toDelivery(failure);
    const rejected = countRejected(acknowledgement.rejectedLogEventsInfo, batch.count);
    return { rejected, reason: 'too old or too new' };
  };
}

/**
 * Creates the client for one upload of one batch. winston-cloudwatch repeats a failed call four times without
 * a pause, polls without a pause for the stream that it created, and describes group and stream before every
 * batch unless the last response had a sequence token, which CloudWatch Logs no longer needs. Therefore all
 * calls after a failure fail at once, a created stream is found without a call, and every response has a
 * token. `onThrow` receives an error that the library throws in a callback; it does not call back after that.
 */
function createSingleAttemptClient(
  { client, onRetentionFailure }: UploadOptions,
  body: Buffer,
  onThrow: (error: unknown) => void,
) {
  let failure: unknown;
  let createdStream: string | undefined;

  function answer(callback: Callback, perform: () => Promise<object>): void {
    const call = failure === undefined ? perform() : Promise.reject(failure);
    call
      .then(
        (output) => callback(null, output),
        (error: Error) => {
          if (!HANDLED.has(error.name)) failure = error;
          callback(error);
        },
      )
      .catch(onThrow);
  }

  return {
    /** The response of PutLogEvents, once it has acknowledged the batch. */
    acknowledgement: undefined as aws.PutLogEventsCommandOutput | undefined,

    describeLogStreams(input: aws.DescribeLogStreamsCommandInput, callback: Callback): void {
      answer(callback, async () => {
        const { logStreamNamePrefix: name } = input;
        if (name !== undefined && name === createdStream) return { logStreams: [{ logStreamName: name }] };
        const output = await client.call('DescribeLogStreams', (logs, options) =>
          logs.describeLogStreams(input, options),
        );
        return { logStreams: Array.isArray(output.logStreams) ? output.logStreams.filter(Boolean) : [] };
      });
    },

    createLogGroup(input: aws.CreateLogGroupCommandInput, callback: Callback): void {
      answer(callback, () =>
        client.call('CreateLogGroup', (logs, options) => logs.createLogGroup(input, options)),
      );
    },

    createLogStream(input: aws.CreateLogStreamCommandInput, callback: Callback): void {
      answer(callback, async () => {
        if (createdStream !== undefined) throw new Error('the log stream does not appear');
        createdStream = input.logStreamName;
        return client.call('CreateLogStream', (logs, options) => logs.createLogStream(input, options));
      });
    },

    putRetentionPolicy(input: aws.PutRetentionPolicyCommandInput): void {
      if (failure !== undefined) return;
      client
        .call('PutRetentionPolicy', (logs, options) => logs.putRetentionPolicy(input, options))
        .catch(onRetentionFailure);
    },

    putLogEvents({ logGroupName, logStreamName }: aws.PutLogEventsCommandInput, callback: Callback): void {
      const input = { logGroupName, logStreamName, logEvents: [], body };
      answer(callback, async () => {
        this.acknowledgement = await client.call('PutLogEvents', (logs, options) =>
          logs.putLogEvents(input, options),
        );
        return { nextSequenceToken: 'ignored' };
      });
    },
  };
}

function toDelivery(failure: unknown): Delivery {
  if (!(failure instanceof CallFailure)) throw failure ?? new Error('another upload is in progress');
  if (failure.name === 'DataAlreadyAcceptedException') return { rejected: 0 };
  if (failure.isFinal) throw new Refused(describeError(failure));
  if (failure.isThrottled) throw new Throttled(describeError(failure), failure.retryAfterMs);
  throw failure;
}

/** Counts the events before the accepted range (too old) and after it (too new). */
function countRejected(info: aws.RejectedLogEventsInfo | undefined, count: number): number {
  const accepted =
    Math.min(info?.tooNewLogEventStartIndex ?? count, count) -
    Math.max(info?.tooOldLogEventEndIndex ?? 0, info?.expiredLogEventEndIndex ?? 0, 0);
  return count - Math.max(accepted, 0);
}
