import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import type { Config } from '../../config/config.ts';
import { stringifyLogEvents } from './body.ts';
import { CallFailure } from './call-failure.ts';
import { StrictHttpHandler } from './http.ts';

export interface LogsClientOptions {
  readonly config: NonNullable<Config['cloudwatch']>;
  /** For one call in all: credentials, connection, request, answer. */
  readonly timeoutMs: number;
}

export interface LogsClient {
  /** Makes one attempt at an operation. Rejects with a `CallFailure`, at the time limit at the latest. */
  call<Answer>(
    operation: string,
    run: (client: CloudWatchLogs, options: { abortSignal: AbortSignal }) => Promise<Answer>,
  ): Promise<Answer>;
  /** Ends the connections, and with them what is under way. */
  close(): void;
}

/** Creates the client. Credentials, and a region that the configuration leaves open, are looked for as the SDK does. */
export function createLogsClient({ config, timeoutMs }: LogsClientOptions): LogsClient {
  const { region, endpoint, credentials } = config;
  const client = new CloudWatchLogs({
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials !== undefined && { credentials }),
    // The queue in front of this client retries.
    maxAttempts: 1,
    retryMode: 'standard',
    requestHandler: new StrictHttpHandler(),
  });
  stringifyLogEvents(client);

  return {
    async call(operation, run) {
      const abortSignal = AbortSignal.timeout(timeoutMs);
      const late = Promise.withResolvers<never>();
      // The signal ends the exchange over HTTP; the look-up of credentials does not know it.
      abortSignal.addEventListener('abort', () => late.reject(abortSignal.reason), { once: true });
      try {
        return await Promise.race([run(client, { abortSignal }), late.promise]);
      } catch (error) {
        throw new CallFailure(operation, error);
      }
    },
    close: () => client.destroy(),
  };
}
