import type { Budgets } from '../comparison/comparison-table.ts';
import type { ContenderOptions } from '../comparison/contender.ts';
import { OWN_ROWS, observedServer, REFERENCE } from '../cost/own-rows.ts';
import { receiverVariables } from '../cost/start-receiver.ts';

/** One server to compare. */
export interface PeerVariant {
  readonly name: string;
  /** What it sends and what it leaves out. */
  readonly sends: string;
  /** Whether X-Ray samples every request; default: by the rule of `aws/json/xray.json`. */
  readonly samplesAll?: boolean;
  /** The longest that it holds an item back, in ms; default: `LONGEST_BATCH_MS`. */
  readonly longestBatchMs?: number;
  readonly budgets?: Budgets;
  /** Returns its module and variables. It sends to a receiver on `port`. */
  readonly server: (port: number) => ContenderOptions;
}

const PEER_SERVER = new URL('./peer-server.cjs', import.meta.url);

const peer = (PEER: string, env: Record<string, string>) => ({ module: PEER_SERVER, env: { PEER, ...env } });

/** No detector that calls the metadata service of a cloud. */
const TRACES_ALONE = {
  OTEL_NODE_RESOURCE_DETECTORS: 'env,host,os,process',
  OTEL_METRICS_EXPORTER: 'none',
  OTEL_LOGS_EXPORTER: 'none',
  OTEL_SERVICE_NAME: 'peers',
};

/** elastic-apm-node 10 s, OpenTelemetry 5 s, dd-trace 2 s; with time to arrive. */
export const LONGEST_BATCH_MS = 12_000;

/** The first row is the baseline. */
export const PEER_VARIANTS: readonly PeerVariant[] = [
  {
    name: 'bare Express',
    sends: 'nothing',
    server: () => ({ module: PEER_SERVER, env: {} }),
  },
  ...OWN_ROWS.map(({ systems, ...row }) => ({
    ...row,
    server: (port: number) => observedServer(systems(receiverVariables(port))),
  })),
  {
    name: REFERENCE,
    // The receiver answers as an agent that keeps every trace. Whatever an agent keeps, it is sent all.
    sends:
      'spans of every request (one of Express, one per middleware), uncompressed; no log lines or errors; ' +
      'without its telemetry, remote configuration and ids in log lines, which are on by default',
    server: (port) =>
      peer('dd-trace', {
        DD_TRACE_AGENT_URL: `http://127.0.0.1:${port}`,
        DD_SERVICE: 'peers',
        DD_RUNTIME_METRICS_ENABLED: 'false',
        DD_PROFILING_ENABLED: 'false',
        DD_INSTRUMENTATION_TELEMETRY_ENABLED: 'false',
        DD_REMOTE_CONFIGURATION_ENABLED: 'false',
        DD_LOGS_INJECTION: 'false',
      }),
  },
  {
    name: 'OpenTelemetry auto, traces alone',
    sends: 'spans of every request, binary and uncompressed (its default); no metrics or log lines',
    server: (port) =>
      peer('open-telemetry', { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`, ...TRACES_ALONE }),
  },
  {
    name: 'elastic-apm-node',
    sends: 'a transaction of every request, its metrics every 30 s; no log lines, no look-up of the cloud',
    server: (port) =>
      peer('elastic', {
        ELASTIC_APM_SERVER_URL: `http://127.0.0.1:${port}`,
        ELASTIC_APM_SERVICE_NAME: 'peers',
        ELASTIC_APM_CLOUD_PROVIDER: 'none',
      }),
  },
  {
    name: 'Sentry, tracesSampleRate 1',
    sends: 'spans of every request, an envelope per trace; no log lines or profiles',
    server: (port) => peer('sentry', { SENTRY_DSN: `http://0123456789abcdef@127.0.0.1:${port}/1` }),
  },
  {
    name: 'the four as tutorials',
    sends:
      'spans (as OpenTelemetry auto) and a log line of every request, X-Ray segments by the rule of this ' +
      'API; Rollbar items of errors only; no metrics',
    server: (port) => peer('tutorials', { ...receiverVariables(port), ...TRACES_ALONE }),
  },
];
