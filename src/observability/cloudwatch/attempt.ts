import type * as aws from '@aws-sdk/client-cloudwatch-logs';
import type { LogsClient } from './client.ts';

type Callback = (error: unknown, answer?: object) => void;

/** Failures that winston-cloudwatch answers with further calls: it creates what is missing, or goes on. */
const HANDLED = new Set([
  'InvalidSequenceTokenException',
  'OperationAbortedException',
  'ResourceAlreadyExistsException',
  'ResourceNotFoundException',
]);

export interface AttemptOptions {
  readonly client: LogsClient;
  onRetentionFailure(failure: unknown): void;
  /** winston-cloudwatch threw in one of its callbacks, and will not call back. */
  onThrow(error: unknown): void;
}

export interface UploadAttempt {
  /** Takes the place of the SDK's client in winston-cloudwatch. */
  readonly client: aws.CloudWatchLogs;
  /** The answer of PutLogEvents, once it acknowledged the batch. */
  acknowledgement(): aws.PutLogEventsCommandOutput | undefined;
}

/**
 * One attempt of winston-cloudwatch at uploading a batch. The library makes a failed call four more times at once, looks
 * for the stream that it created in a loop without a pause, and describes group and stream before every batch unless the
 * last answer had a sequence token, which CloudWatch Logs no longer needs. So here the first failure answers all
 * later calls of the attempt, a stream that was created is there, and every answer has a token.
 */
export function createUploadAttempt(options: AttemptOptions): UploadAttempt {
  const { client, onRetentionFailure, onThrow } = options;
  let acknowledgement: aws.PutLogEventsCommandOutput | undefined;
  let failure: unknown;
  let createdStream: string | undefined;

  function answer(callback: Callback, perform: () => Promise<object>): void {
    if (failure !== undefined) {
      callback(failure);
      return;
    }
    perform()
      .then(
        (output) => callback(null, output),
        (error: Error) => {
          if (!HANDLED.has(error.name)) failure = error;
          callback(error);
        },
      )
      .catch(onThrow);
  }

  const facade = {
    describeLogStreams(input: aws.DescribeLogStreamsCommandInput, callback: Callback): void {
      answer(callback, async () => {
        const { logStreamNamePrefix: stream } = input;
        if (stream !== undefined && stream === createdStream)
          return { logStreams: [{ logStreamName: stream }] };
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

    putLogEvents(input: aws.PutLogEventsCommandInput, callback: Callback): void {
      answer(callback, async () => {
        acknowledgement = await client.call('PutLogEvents', (logs, options) =>
          logs.putLogEvents({ ...input, sequenceToken: undefined }, options),
        );
        return { nextSequenceToken: 'ignored' };
      });
    },
  };

  return {
    client: facade as unknown as aws.CloudWatchLogs,
    acknowledgement: () => acknowledgement,
  };
}
