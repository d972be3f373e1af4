import { type Truthy, until } from '../until.ts';
import { cloudwatchLogs, type LogEvent } from './protocols/cloudwatch-logs.ts';
import {
  type Protocol,
  parseJson,
  type ReceivedRequest,
  startHttpReceiver,
} from './protocols/http-receiver.ts';
import { otlpTraces, type Span } from './protocols/otlp-traces.ts';
import { type RollbarItem, rollbarItems } from './protocols/rollbar-items.ts';
import { startXRayDaemon } from './protocols/xray-daemon.ts';
import { type SamplingRule, type SamplingStatistics, xraySampling } from './protocols/xray-sampling.ts';
import { assembleSegments, type SegmentDocument, xraySegments } from './protocols/xray-segments.ts';

export type { RollbarItem, SamplingRule, SegmentDocument, Span };

/** `fields` is the parsed message, empty when the message is not a JSON object. */
export interface ReceivedLogEvent extends LogEvent {
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface Receivers {
  /** The variables that point a service at these receivers. */
  readonly environment: Readonly<Record<string, string>>;
  /** Origin of the HTTP receivers, such as `http://127.0.0.1:4568`. */
  readonly url: string;
  readonly sampling: {
    setRules(rules: readonly SamplingRule[]): void;
    /** The latest statistics of each client and rule. */
    statistics(): SamplingStatistics[];
  };
  spans(): readonly Span[];
  /** Segments, with the subsegments that were sent apart put under their parents. */
  segments(): SegmentDocument[];
  logEvents(): readonly ReceivedLogEvent[];
  /** The `data` of each Rollbar item. */
  reports(): readonly RollbarItem[];
  /** Each HTTP request, of all protocols or of one. */
  requests(protocol?: Protocol): readonly ReceivedRequest[];
  /** The reason for each request or datagram that could not be read. */
  unreadable(): readonly string[];
  /**
   * Waits until `predicate` returns something truthy, without throwing, and resolves with that. Rejects after
   * `timeoutMs` with the predicate's last result, and with what has arrived.
   */
  until<T>(predicate: () => T | Promise<T>, timeoutMs?: number): Promise<Truthy<T>>;
  close(): Promise<void>;
}

/** Samples every request. */
export const SAMPLE_ALL: SamplingRule = {
  RuleName: 'all',
  ResourceARN: '*',
  Priority: 1,
  FixedRate: 1,
  ReservoirSize: 1,
  ServiceName: '*',
  ServiceType: '*',
  Host: '*',
  HTTPMethod: '*',
  URLPath: '*',
  Version: 1,
};

/** Starts receivers of all four protocols on free ports. By default X-Ray samples every request. */
export async function startReceivers(
  options: { readonly samplingRules?: readonly SamplingRule[] } = {},
): Promise<Receivers> {
  const spans: Span[] = [];
  const documents: SegmentDocument[] = [];
  const logEvents: ReceivedLogEvent[] = [];
  const reports: RollbarItem[] = [];
  const requests: ReceivedRequest[] = [];
  const unreadable: string[] = [];
  const sampling = xraySampling(options.samplingRules ?? [SAMPLE_ALL]);
  const onSegment = (segment: SegmentDocument) => documents.push(segment);
  const common = {
    onRequest: (request: ReceivedRequest) => requests.push(request),
    onUnreadable: (reason: string) => unreadable.push(reason),
  };
  const http = await startHttpReceiver({
    ...common,
    protocols: [
      otlpTraces((span) => spans.push(span)),
      cloudwatchLogs((event) => logEvents.push({ ...event, fields: parseFields(event.message) })),
      rollbarItems((item) => reports.push(item)),
      // For an X-Ray daemon between the service and X-Ray's API.
      xraySegments(onSegment),
      sampling,
    ],
  });
  const daemon = await startXRayDaemon({ ...common, protocols: [sampling], onSegment });
  const url = `http://127.0.0.1:${http.port}`;

  const describeArrivals = () =>
    [
      `${spans.length} spans (${names(spans)})`,
      `${documents.length} segments (${names(documents)})`,
      `${logEvents.length} log events`,
      `${reports.length} reports`,
      `${unreadable.length} that could not be read (${unreadable.slice(-5).join('; ')})`,
    ].join(', ');

  return {
    environment: {
      OTEL_EXPORTER_OTLP_ENDPOINT: url,
      AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${daemon.port}`,
      CLOUDWATCH_LOG_GROUP: 'cruddur',
      AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: url,
      AWS_REGION: 'ca-central-1',
      AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      ROLLBAR_ACCESS_TOKEN: '0123456789abcdef0123456789abcdef',
      ROLLBAR_ENDPOINT: `${url}/api/1/item/`,
    },
    url,
    sampling,
    spans: () => spans,
    segments: () => assembleSegments(documents),
    logEvents: () => logEvents,
    reports: () => reports,
    requests: (name) => requests.filter(({ protocol }) => name === undefined || protocol === name),
    unreadable: () => unreadable,
    until: (predicate, timeoutMs) => until(predicate, timeoutMs, describeArrivals),
    async close() {
      await Promise.all([http.close(), daemon.close()]);
      if (unreadable.length > 0) throw new Error(`could not be read: ${unreadable.slice(0, 5).join('; ')}`);
    },
  };
}

function parseFields(message: string): Record<string, unknown> {
  const fields = parseJson(message);
  return typeof fields === 'object' && fields !== null ? (fields as Record<string, unknown>) : {};
}

function names(items: readonly { readonly name: string }[]): string {
  return [...new Set(items.map(({ name }) => name))].slice(0, 20).join(', ');
}
