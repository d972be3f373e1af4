import { inspect } from 'node:util';
import type { Config } from '../../config/config.ts';

/** The four systems that watch the service. */
export type SinkName = 'honeycomb' | 'xray' | 'cloudwatch' | 'rollbar';

/** What one sink did since the process started. `accepted = sent + dropped + queued`, always. */
export interface SinkReport {
  readonly on: boolean;
  /** Host and port only: never a path, a query or a credential. */
  readonly destination: string | null;
  readonly accepted: number;
  readonly sent: number;
  readonly dropped: number;
  readonly queued: number;
  readonly last_error: string | null;
  readonly last_error_at: string | null;
}

/** The counters of one sink, fed by what its back end really answered. */
export interface Sink {
  readonly name: SinkName;
  /** The service handed over `count` items (spans, segments, log events, reports). */
  accepted(count: number): void;
  /** The back end acknowledged `count` items. */
  sent(count: number): void;
  /** `count` items are lost: no room, refused for good, or left over at the deadline. */
  dropped(count: number, reason: unknown): void;
  /** An attempt failed and is made again: nothing is lost yet. */
  failed(reason: unknown): void;
  report(): SinkReport;
}

export type Sinks = Readonly<Record<SinkName, Sink>>;

/** Creates the counters of a sink; without a `destination` (host and port) the sink is off. */
export function createSink(name: SinkName, destination: string | undefined): Sink {
  let accepted = 0;
  let sent = 0;
  let dropped = 0;
  let lastError: { text: string; at: Date } | undefined;
  const failed = (reason: unknown) => {
    lastError = { text: describeFailure(reason), at: new Date() };
  };
  return {
    name,
    accepted: (count) => {
      accepted += count;
    },
    sent: (count) => {
      sent += count;
    },
    dropped: (count, reason) => {
      dropped += count;
      failed(reason);
    },
    failed,
    report: () => ({
      on: destination !== undefined,
      destination: destination ?? null,
      accepted,
      sent,
      dropped,
      queued: accepted - sent - dropped,
      last_error: lastError?.text ?? null,
      last_error_at: lastError?.at.toISOString() ?? null,
    }),
  };
}

/**
 * A failure in one short line. A back end's own words are left out on purpose: they may repeat a key,
 * so whoever builds the reason names the status, not the body.
 */
export function describeFailure(reason: unknown): string {
  return textOf(reason).replaceAll(/\s+/g, ' ').slice(0, 200);
}

/** Never throws, not even when looking at the reason does. */
function textOf(reason: unknown): string {
  if (typeof reason === 'string') return reason;
  try {
    return reason instanceof Error ? describeError(reason) : inspect(reason);
  } catch {
    return 'a failure that cannot be described';
  }
}

/** A refused connection to a name with several addresses is an AggregateError without a message. */
function describeError(error: Error): string {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : undefined;
  const code = (error as NodeJS.ErrnoException).code;
  const message = String(error.message || (first instanceof Error && first.message) || code || 'unknown');
  return error.name === 'Error' || error.name === 'AggregateError' ? message : `${error.name}: ${message}`;
}

/** The counters of all four, on or off and where to as the configuration says. */
export function createSinks({ honeycomb, xray, xrayOtlp, cloudwatch, rollbar }: Config): Sinks {
  const daemon = xray && `${xray.daemon.udp.host}:${xray.daemon.udp.port}`;
  return {
    honeycomb: createSink('honeycomb', honeycomb && new URL(honeycomb.tracesUrl).host),
    xray: createSink('xray', xrayOtlp ? new URL(xrayOtlp.tracesUrl).host : daemon),
    cloudwatch: createSink('cloudwatch', cloudwatch && logsHost(cloudwatch)),
    rollbar: createSink('rollbar', rollbar && new URL(rollbar.endpoint).host),
  };
}

function logsHost({ endpoint, region }: NonNullable<Config['cloudwatch']>): string {
  return endpoint ? new URL(endpoint).host : `logs.${region ?? 'region-of-the-profile'}.amazonaws.com`;
}

/** Where each sink sends to, or `off`: what the service says of itself when it starts. */
export function describeSinks(sinks: Sinks): Record<string, string> {
  return Object.fromEntries(
    Object.values(sinks).map(({ name, report }) => [name, report().destination ?? 'off']),
  );
}
