import { NODE_ARGUMENTS } from '../../src/cli/launcher/node-arguments.ts';
import type { ContenderOptions } from '../contender.ts';
import { OBSERVED } from '../cost/cost-variants.ts';
import { receiverVariables } from '../cost/start-receiver.ts';

/** One server to compare. */
export interface PeerVariant {
  readonly name: string;
  /** What it sends and what it leaves out. */
  readonly sends: string;
  /** Of X-Ray; default: that of `aws/json/xray.json`. */
  readonly sampledShare?: number;
  /** Returns its module and variables. It sends to a receiver on `port`. */
  readonly server: (port: number) => ContenderOptions;
}

const PEER_SERVER = new URL('./peer-server.cjs', import.meta.url);
const OBSERVED_SERVER = new URL('../cost/observed-server.ts', import.meta.url);

const peer = (PEER: string, env: Record<string, string>) => ({ module: PEER_SERVER, env: { PEER, ...env } });

const observed = (env: Record<string, string>) => ({
  module: OBSERVED_SERVER,
  execArgv: NODE_ARGUMENTS,
  env: { ...OBSERVED, ...env },
});

/** No detector that calls the metadata service of a cloud. */
const TRACES_ALONE = {
  OTEL_NODE_RESOURCE_DETECTORS: 'env,host,os,process',
  OTEL_METRICS_EXPORTER: 'none',
  OTEL_LOGS_EXPORTER: 'none',
  OTEL_SERVICE_NAME: 'peers',
};

/** The peer that ratios are shown to. */
export const REFERENCE = 'dd-trace, traces alone';

/** The first row is the baseline. */
export const PEER_VARIANTS: readonly PeerVariant[] = [
  {
    name: 'bare Express',
    sends: 'nothing',
    server: () => ({ module: PEER_SERVER, env: {} }),
  },
  {
    name: 'this API, systems off',
    sends: 'nothing; log lines on stdout alone',
    server: () => observed({}),
  },
  {
    name: 'this API, all four, 10 % + 5/s',
    sends: 'spans and log lines of every request, X-Ray segments by its rule; Rollbar items of errors only',
    server: (port) => observed(receiverVariables(port)),
  },
  {
    name: 'this API, all four, 100 %',
    sends: 'the same, X-Ray segments of every request',
    sampledShare: 1,
    server: (port) => observed(receiverVariables(port)),
  },
  {
    name: 'this API, Honeycomb alone',
    sends: 'spans of every request; no log lines, segments or errors',
    server: (port) => observed({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` }),
  },
  {
    name: REFERENCE,
    sends:
      'spans of every request; no runtime metrics, profiles, telemetry, remote configuration, log lines or errors',
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
      'spans (as OpenTelemetry auto) and a log line of every request, X-Ray segments by the rule of this API; no metrics',
    server: (port) => peer('tutorials', { ...receiverVariables(port), ...TRACES_ALONE }),
  },
];
