import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Config } from '../../config/config.ts';
import { withTimeout } from '../../lib/with-timeout.ts';
import { createCredentialProvider } from '../delivery/aws-credentials.ts';
import {
  createHttpAgent,
  createHttpsAgent,
  type HttpAgentOptions,
  proxyAnswered,
} from '../delivery/http-agent.ts';
import { readBounded } from '../delivery/read-bounded.ts';
import { CallFailure } from './call-failure.ts';

const CONNECT_TIMEOUT_MS = 3_000;
const MAX_CONNECTIONS = 50;
/** DescribeLogStreams lists at most 50 streams, about 30 kB. */
const MAX_ANSWER_BYTES = 1_000_000;

/** The operations whose response is never empty. */
const ANSWERING = /\.(?:DescribeLogStreams|PutLogEvents)$/;

export interface LogsClientOptions {
  readonly config: NonNullable<Config['cloudwatch']>;
  /** For one whole call: credentials, connection, request, response. */
  readonly timeoutMs: number;
}

export interface LogsClient {
  /** Makes one attempt at an operation. Rejects with a `CallFailure`, at the latest after the time limit. */
  call<Answer>(
    operation: string,
    run: (client: CloudWatchLogs, options: { abortSignal: AbortSignal }) => Promise<Answer>,
  ): Promise<Answer>;
  /** Closes the connections and cancels the calls in progress. */
  close(): void;
}

/**
 * Creates the client. It finds credentials, and a region that the configuration leaves open, as the SDK does.
 */
export function createLogsClient({ config, timeoutMs }: LogsClientOptions): LogsClient {
  const { region, endpoint, proxy } = config;
  const credentials = config.credentials ?? (proxy && createCredentialProvider(proxy));
  const client = new CloudWatchLogs({
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials !== undefined && { credentials }),
    // The queue in front of this client retries.
    maxAttempts: 1,
    retryMode: 'standard',
    requestHandler: new StrictHttpHandler({ timeoutMs, proxy }),
  });
  acceptBodies(client);

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

/**
 * Lets the input of a call bring its body along. The SDK's own writer would block the event loop for several
 * milliseconds per batch (docs/adr/0021).
 */
function acceptBodies(client: CloudWatchLogs): void {
  client.middlewareStack.add(
    (next) => (args) => {
      if (!('body' in args.input)) return next(args);
      return next({ ...args, request: Object.assign(args.request as object, { body: args.input.body }) });
    },
    { name: 'acceptBodies', step: 'build', priority: 'high' },
  );
}

/** A response that cannot come from CloudWatch Logs. */
class BadAnswer extends Error {
  override readonly name = 'BadAnswer';
}

/**
 * The SDK's HTTP handler, restricted to responses that CloudWatch Logs can give. The SDK itself accepts
 * `null` or an empty response from any server as an acknowledgement, and reads a response without end.
 */
class StrictHttpHandler extends NodeHttpHandler {
  constructor(options: Pick<HttpAgentOptions, 'timeoutMs' | 'proxy'>) {
    const agentOptions = { ...options, maxConnections: MAX_CONNECTIONS };
    super({
      connectionTimeout: CONNECT_TIMEOUT_MS,
      httpAgent: createHttpAgent(agentOptions),
      httpsAgent: createHttpsAgent(agentOptions),
    });
  }

  override async handle(...args: Parameters<NodeHttpHandler['handle']>) {
    const [{ headers }] = args;
    const { response } = await super.handle(...args);
    if (response.statusCode === 407) throw proxyAnswered(407);
    // The SDK also uses this handler to ask STS for credentials, which answers in XML.
    if (headers['x-amz-target'] === undefined) return { response };
    const body = await readBounded(response.body, MAX_ANSWER_BYTES);
    if (body.length > MAX_ANSWER_BYTES) {
      throw new BadAnswer(`answer is longer than ${MAX_ANSWER_BYTES} bytes`);
    }
    const isObject = isJsonObject(body);
    const mayBeEmpty = body.length === 0 && !ANSWERING.test(headers['x-amz-target']);
    if (response.statusCode < 300 && !isObject && !mayBeEmpty) {
      throw new BadAnswer(`answer ${response.statusCode} is not from CloudWatch Logs`);
    }
    // For a body that is no object, the SDK derives the error from the status.
    response.body = isObject ? body : Buffer.alloc(0);
    return { response };
  }
}

function isJsonObject(body: Buffer): boolean {
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
