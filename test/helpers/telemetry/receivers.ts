import type { IncomingHttpHeaders } from 'node:http';
import type { Protocol } from '../../../console/src/http/receiver.ts';
import type { LogEvent, RollbarItem } from '../../../console/src/journal/entries.ts';
import { createJournal, type Journal } from '../../../console/src/journal/journal.ts';
import type { Span } from '../../../console/src/otlp/span.ts';
import { startConsole } from '../../../console/src/server.ts';
import type { SamplingRule } from '../../../console/src/xray/sampling-rule.ts';
import { assembleSegments, type SegmentDocument } from '../../../console/src/xray/segment.ts';
import { createXraySampling, type XraySampling } from '../../../console/src/xray/xray-sampling.ts';
import { type Truthy, until } from '../until.ts';

export type { SamplingRule, SegmentDocument, Span };

/** A log event with its message parsed, when the message is a JSON object. */
interface ReceivedLogEvent extends LogEvent {
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A request on the wire; `json` is the parsed body, undefined when it is not JSON. */
interface RecordedRequest {
  readonly protocol: Protocol;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly json: unknown;
}

export interface Receivers {
  /** The variables that point a service at these receivers. */
  readonly environment: Readonly<Record<string, string>>;
  /** Origin of the HTTP receivers, such as `http://127.0.0.1:4568`. */
  readonly url: string;
  readonly journal: Journal;
  /** X-Ray's rules, `setRules()`, and what clients reported, `statistics()`. */
  readonly sampling: XraySampling;
  spans(): readonly Span[];
  /** Segments, with the subsegments that were sent apart put under their parents. */
  segments(): SegmentDocument[];
  logEvents(): readonly ReceivedLogEvent[];
  /** The `data` of each Rollbar item. */
  reports(): readonly RollbarItem[];
  /** Each HTTP request, of all protocols or of one. */
  requests(protocol?: Protocol): readonly RecordedRequest[];
  /**
   * Waits until `predicate` answers something truthy, without throwing, and resolves with that.
   * Rejects after `timeoutMs` with what the predicate said last and with what has arrived.
   */
  until<T>(predicate: () => T | Promise<T>, timeoutMs?: number): Promise<Truthy<T>>;
  close(): Promise<void>;
}

/** All requests are sampled by this rule. */
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

/** Starts receivers of all four protocols on ports of their own; by default X-Ray samples every request. */
export async function startReceivers(
  options: { samplingRules?: readonly SamplingRule[] } = {},
): Promise<Receivers> {
  const journal = createJournal({ maxBytes: 512 * 1024 * 1024 });
  const sampling = createXraySampling(options.samplingRules ?? [SAMPLE_ALL]);
  const spans: Span[] = [];
  const documents: SegmentDocument[] = [];
  const logEvents: ReceivedLogEvent[] = [];
  const reports: RollbarItem[] = [];
  const requests: RecordedRequest[] = [];
  journal.subscribe({
    added(entry) {
      if (entry.kind === 'span') spans.push(entry.span);
      else if (entry.kind === 'segment') documents.push(entry.segment);
      else if (entry.kind === 'log') logEvents.push({ ...entry.log, fields: parseFields(entry.log.message) });
      else reports.push(entry.item);
    },
  });
  const { httpPort, xrayPort, close } = await startConsole({
    journal,
    sampling,
    observe: (request, protocol) => requests.push({ ...request, protocol, json: parseBody(request.body) }),
  });
  const url = `http://127.0.0.1:${httpPort}`;

  function describeArrivals(): string {
    const unread = journal.unread().map(({ protocol, reason }) => `${protocol}: ${reason}`);
    return [
      `${spans.length} spans (${names(spans)})`,
      `${documents.length} segments (${names(documents)})`,
      `${logEvents.length} log events`,
      `${reports.length} reports`,
      `${unread.length} that could not be read (${unread.slice(-5).join('; ')})`,
    ].join(', ');
  }

  return {
    environment: {
      OTEL_EXPORTER_OTLP_ENDPOINT: url,
      AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${xrayPort}`,
      CLOUDWATCH_LOG_GROUP: 'cruddur',
      AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: url,
      AWS_REGION: 'ca-central-1',
      AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      ROLLBAR_ACCESS_TOKEN: '0123456789abcdef0123456789abcdef',
      ROLLBAR_ENDPOINT: `${url}/api/1/item/`,
    },
    url,
    journal,
    sampling,
    spans: () => spans,
    segments: () => assembleSegments(documents),
    logEvents: () => logEvents,
    reports: () => reports,
    requests: (protocol) => requests.filter((request) => !protocol || request.protocol === protocol),
    until: (predicate, timeoutMs) => until(predicate, timeoutMs, describeArrivals),
    close,
  };
}

function parseBody(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

function parseFields(message: string): Record<string, unknown> {
  const fields = parseBody(Buffer.from(message));
  return typeof fields === 'object' && fields !== null ? (fields as Record<string, unknown>) : {};
}

function names(items: readonly { name: string }[]): string {
  return [...new Set(items.map(({ name }) => name))].slice(0, 20).join(', ');
}
