import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import type { Config } from '../../config/config.ts';
import { withTimeout } from '../../lib/with-timeout.ts';
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
      const abort = new AbortController();
      try {
        return await withTimeout(timeoutMs, run(client, { abortSignal: abort.signal }));
      } catch (error) {
        // Ends the HTTP exchange. The lookup of credentials ignores the signal.
        abort.abort();
        throw new CallFailure(operation, error);
      }
    },
    close: () => client.destroy(),
  };
}
