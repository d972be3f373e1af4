import { createConsoleApp } from './api/console-app.ts';
import { originOf, variablesFor } from './api/variables.ts';
import { createCloudWatchLogs } from './cloudwatch/cloudwatch-logs.ts';
import { type HttpServer, startHttpServer } from './http/http-server.ts';
import { createBodyReader } from './http/read-body.ts';
import type { HttpReceiver, Protocol, ReceivedRequest } from './http/receiver.ts';
import { createJournal, type Journal } from './journal/journal.ts';
import { createOtlp } from './otlp/otlp.ts';
import {
  openRecordingFiles,
  type RecordingFiles,
  type RecordingOptions,
  type RecordingStatus,
} from './recording/recording-files.ts';
import { createRollbarItems } from './rollbar/rollbar-items.ts';
import { createXrayApi } from './xray/xray-api.ts';
import { startXrayDaemon } from './xray/xray-daemon.ts';
import { createXraySampling, type XraySampling } from './xray/xray-sampling.ts';

const LOCAL_HOST = '127.0.0.1';

export interface ConsoleOptions extends RecordingOptions {
  readonly host?: string;
  /** For OTLP, CloudWatch Logs, Rollbar, X-Ray's API, the page and its API. Default: any free port. */
  readonly port?: number;
  /** For the X-Ray daemon's protocol, UDP and TCP. Default: any free port. */
  readonly xrayPort?: number;
  /** Names allowed in `Host` besides addresses and `localhost`. `*.` matches any subdomain. */
  readonly allowedHosts?: readonly string[];
  /** The size of the journal, default 64 MiB. */
  readonly maxBytes?: number;
  /** Replaces the journal of `maxBytes`. */
  readonly journal?: Journal;
  readonly sampling?: XraySampling;
  /** Is called with each HTTP request of a protocol, on both ports, before the response. */
  readonly observe?: (request: ReceivedRequest, protocol: Protocol) => void;
}

export interface Console {
  /** The origin of the page and of all HTTP receivers. */
  readonly url: string;
  /** The environment variables with which a program sends to this console. */
  readonly variables: Readonly<Record<string, string>>;
  readonly httpPort: number;
  readonly xrayPort: number;
  readonly journal: Journal;
  recording(): RecordingStatus;
  /** Closes both ports and all connections, and completes the recording. May be called twice. */
  close(): Promise<void>;
}

/** Starts the receivers and the page. Rejects when a port is in use or a recording cannot be used. */
export async function startConsole(options: ConsoleOptions = {}): Promise<Console> {
  const journal = options.journal ?? createJournal(options);
  // Before the recording is loaded, whose log events create their groups.
  const cloudWatchLogs = createCloudWatchLogs(journal);
  const files = await openRecordingFiles(options, journal);
  const { http, xray, variables } = await startServers(options, journal, files, cloudWatchLogs).catch(
    async (error) => {
      await files.close();
      throw error;
    },
  );
  let closed: Promise<void> | undefined;
  return {
    url: originOf(options.host ?? LOCAL_HOST, http.port),
    variables: variables(),
    httpPort: http.port,
    xrayPort: xray.port,
    journal,
    recording: files.status,
    close: () => {
      closed ??= Promise.all([http.close(), xray.close()]).then(files.close);
      return closed;
    },
  };
}

async function startServers(
  options: ConsoleOptions,
  journal: Journal,
  files: RecordingFiles,
  cloudWatchLogs: HttpReceiver,
) {
  const { host = LOCAL_HOST, port = 0, xrayPort = 0, observe, allowedHosts } = options;
  const bodies = createBodyReader();
  const sampling = options.sampling ?? createXraySampling();
  const xrayApi = createXrayApi(journal);
  const common = { host, journal, bodies, allowedHosts, observe };
  const xray = await startXrayDaemon({ ...common, port: xrayPort, receivers: [sampling, xrayApi] });
  const variables = (): Record<string, string> =>
    variablesFor({ host, httpPort: http.port, xrayPort: xray.port });
  const http: HttpServer = await startHttpServer({
    ...common,
    port,
    otherwise: createConsoleApp({ journal, variables, recording: files.status }),
    receivers: [createOtlp(journal), cloudWatchLogs, createRollbarItems(journal), sampling, xrayApi],
  }).catch(async (error) => {
    await xray.close();
    throw error;
  });
  return { http, xray, variables };
}
