import type { Config } from '../../config/config.ts';
import { describeError } from '../../lib/describe-error.ts';

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
export interface SinkCounters {
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

export type Sinks = Readonly<Record<SinkName, SinkCounters>>;

/** Creates the counters of a sink; without a `destination` (host and port) the sink is off. */
export function createSinkCounters(name: SinkName, destination: string | undefined): SinkCounters {
  let accepted = 0;
  let sent = 0;
  let dropped = 0;
  let lastError: { text: string; at: Date } | undefined;
  const failed = (reason: unknown) => {
    lastError = { text: describeError(reason), at: new Date() };
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

/** The counters of all four, on or off and where to as the configuration says. */
export function createSinks({ honeycomb, xray, xrayOtlp, cloudwatch, rollbar }: Config): Sinks {
  const daemon = xray && `${xray.daemon.udp.host}:${xray.daemon.udp.port}`;
  return {
    honeycomb: createSinkCounters('honeycomb', honeycomb && new URL(honeycomb.tracesUrl).host),
    xray: createSinkCounters('xray', xrayOtlp ? new URL(xrayOtlp.tracesUrl).host : daemon),
    cloudwatch: createSinkCounters('cloudwatch', cloudwatch && logsHost(cloudwatch)),
    rollbar: createSinkCounters('rollbar', rollbar && new URL(rollbar.endpoint).host),
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
