import { createCloudWatchLogs } from './cloudwatch/cloudwatch-logs.ts';
import { startHttpServer } from './http/http-server.ts';
import { createBodyReader } from './http/read-body.ts';
import type { Protocol, ReceivedRequest } from './http/receiver.ts';
import { createJournal, type Journal } from './journal/journal.ts';
import { createOtlpTraces } from './otlp/otlp-traces.ts';
import { createRollbarItems } from './rollbar/rollbar-items.ts';
import { createXrayApi } from './xray/xray-api.ts';
import { startXrayDaemon } from './xray/xray-daemon.ts';
import { createXraySampling, type XraySampling } from './xray/xray-sampling.ts';

export interface ConsoleOptions {
  readonly host?: string;
  /** For OTLP, CloudWatch Logs, Rollbar and X-Ray's API. 0 or absent: any free one. */
  readonly port?: number;
  /** For the X-Ray daemon's protocol, UDP and TCP. 0 or absent: any free one. */
  readonly xrayPort?: number;
  /** Names that `Host` may hold beside addresses and `localhost`; `*.` stands for any subdomain. */
  readonly allowedHosts?: readonly string[];
  readonly journal?: Journal;
  readonly sampling?: XraySampling;
  /** Sees each HTTP request, on either port, before it is answered. */
  readonly observe?: (request: ReceivedRequest, protocol: Protocol) => void;
}

export interface Console {
  readonly httpPort: number;
  readonly xrayPort: number;
  readonly journal: Journal;
  /** Frees both ports and cuts what is open; may be called again. */
  close(): Promise<void>;
}

/** Starts the receivers of the four protocols. Rejects when a port is taken. */
export async function startConsole(options: ConsoleOptions = {}): Promise<Console> {
  const { host = '127.0.0.1', port = 0, xrayPort = 0, observe, allowedHosts } = options;
  const bodies = createBodyReader();
  const journal = options.journal ?? createJournal();
  const sampling = options.sampling ?? createXraySampling();
  const xrayApi = createXrayApi(journal);
  const http = await startHttpServer({
    host,
    port,
    journal,
    bodies,
    allowedHosts,
    observe,
    receivers: [
      createOtlpTraces(journal),
      createCloudWatchLogs(journal),
      createRollbarItems(journal),
      sampling,
      xrayApi,
    ],
  });
  const xray = await startXrayDaemon({
    host,
    port: xrayPort,
    journal,
    bodies,
    allowedHosts,
    observe,
    receivers: [sampling, xrayApi],
  }).catch(async (error) => {
    await http.close();
    throw error;
  });
  let closed: Promise<unknown> | undefined;
  return {
    httpPort: http.port,
    xrayPort: xray.port,
    journal,
    close: async () => {
      closed ??= Promise.all([http.close(), xray.close()]);
      await closed;
    },
  };
}
