import type { Config } from '../../config/config.ts';
import { hostAndPort } from '../../config/variables/network-values.ts';
import { describeError } from '../../lib/describe-error.ts';
import { createScrubber, type Scrub, scrubText } from '../../lib/scrub/scrub.ts';

/** The four systems that receive the service's telemetry. */
export type SinkName = 'honeycomb' | 'xray' | 'cloudwatch' | 'rollbar';

/** The counts of one sink since the process started. `accepted = sent + dropped + queued`, always. */
export interface SinkReport {
  readonly on: boolean;
  /** Host and port only: never a path, a query or a credential. */
  readonly destination: string | null;
  readonly accepted: number;
  readonly sent: number;
  readonly dropped: number;
  readonly queued: number;
  /** Traces that `OTEL_SPANS_PER_SECOND` kept from being sampled; only where it is set. */
  readonly limited?: number;
  readonly last_error: string | null;
  readonly last_error_at: string | null;
}

/** The counters of one sink. They follow the responses of its back end. */
export interface SinkCounters {
  readonly name: SinkName;
  /** The service passed `count` items (spans, segments, log events, reports) to the sink. */
  accepted(count: number): void;
  /** The back end acknowledged `count` items. */
  sent(count: number): void;
  /** `count` items are lost: the queue was full, the back end rejected them, or the deadline passed. */
  dropped(count: number, reason: unknown): void;
  /** An attempt failed and will be retried: nothing is lost yet. */
  failed(reason: unknown): void;
  /** A limit of the service's own kept a trace from being sampled. Its spans are not `accepted`. */
  limited(): void;
  report(): SinkReport;
}

export type Sinks = Readonly<Record<SinkName, SinkCounters>>;

/**
 * Creates the counters of a sink. Without a `destination` (host and port) the sink is off. `isLimited` shows
 * the count of limited traces; `scrub` takes the secrets out of the last error.
 */
export function createSinkCounters(
  name: SinkName,
  destination: string | undefined,
  { isLimited = false, scrub = scrubText }: { readonly isLimited?: boolean; readonly scrub?: Scrub } = {},
): SinkCounters {
  let accepted = 0;
  let sent = 0;
  let dropped = 0;
  let limited = 0;
  let lastError: string | undefined;
  let lastErrorAt = 0;
  const failed = (reason: unknown) => {
    lastErrorAt = Date.now();
    // A full queue has the same reason for each of thousands of items per second.
    if (reason !== lastError) lastError = describeError(reason, scrub);
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
    limited: () => {
      limited += 1;
    },
    report: () => ({
      on: destination !== undefined,
      destination: destination ?? null,
      accepted,
      sent,
      dropped,
      queued: accepted - sent - dropped,
      ...(isLimited && { limited }),
      last_error: lastError ?? null,
      last_error_at: lastError === undefined ? null : new Date(lastErrorAt).toISOString(),
    }),
  };
}

/** Creates the counters of all four sinks, with the destinations from the configuration. */
export function createSinks({ otlp, xray, xrayOtlp, cloudwatch, rollbar, secrets }: Config): Sinks {
  const scrub = createScrubber(secrets());
  const daemon = xray && hostAndPort(xray.daemon.udp);
  return {
    honeycomb: createSinkCounters('honeycomb', otlp && new URL(otlp.tracesUrl).host, {
      isLimited: isLimited(otlp),
      scrub,
    }),
    xray: createSinkCounters('xray', xrayOtlp ? new URL(xrayOtlp.tracesUrl).host : daemon, {
      isLimited: isLimited(xrayOtlp),
      scrub,
    }),
    cloudwatch: createSinkCounters('cloudwatch', cloudwatch && logsHost(cloudwatch), { scrub }),
    rollbar: createSinkCounters('rollbar', rollbar && new URL(rollbar.endpoint).host, { scrub }),
  };
}

function isLimited(spans: { readonly spansPerSecond: number | undefined } | undefined): boolean {
  return spans?.spansPerSecond !== undefined;
}

function logsHost({ endpoint, region }: NonNullable<Config['cloudwatch']>): string {
  return endpoint ? new URL(endpoint).host : `logs.${region ?? 'region-of-the-profile'}.amazonaws.com`;
}

/** Returns the destination of each sink, or `off`. The service logs it when it starts. */
export function describeSinks(sinks: Sinks): Record<string, string> {
  return Object.fromEntries(
    Object.values(sinks).map(({ name, report }) => [name, report().destination ?? 'off']),
  );
}
