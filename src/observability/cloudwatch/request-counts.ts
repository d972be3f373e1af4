import { withoutTracing } from '../suppress-tracing.ts';
import { toTimestamp } from '../timestamp.ts';

const INTERVAL_MS = 60_000;

/** CloudWatch takes these metrics from the event. Without dimensions, all instances add up to one metric. */
const DIRECTIVE = {
  Namespace: 'Cruddur',
  Dimensions: [[]],
  Metrics: [
    { Name: 'Requests', Unit: 'Count' },
    { Name: 'Faults', Unit: 'Count' },
  ],
};

/** Counts requests and faults for the alarm in `aws/cruddur.yaml`, whatever the log level is. */
export interface RequestCounts {
  /** Counts a request that has ended: with a fault if its response is a 5xx or was cut off by the service. */
  count(isFault: boolean): void;
  /** Sends what was counted since the last event, and no event after it. */
  close(): void;
}

export interface RequestCountsOptions {
  readonly service: string;
  /** Takes an event, with its time in Unix milliseconds. Returns false when there is no room for it. */
  write(line: string, time: number): boolean;
  /** Default: one minute. */
  readonly intervalMs?: number;
}

/**
 * Creates the counts, which are sent as one log event per minute, also when they are zero: a service that is
 * idle differs from one that is gone. Counts for which there is no room are part of the next event.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format.html
 */
export function createRequestCounts(options: RequestCountsOptions): RequestCounts {
  const { service, write, intervalMs = INTERVAL_MS } = options;
  let requests = 0;
  let faults = 0;
  const timer = withoutTracing(() => setInterval(send, intervalMs).unref());

  function send(): void {
    const time = Date.now();
    const line = JSON.stringify({
      timestamp: toTimestamp(time),
      level: 'info',
      message: `${requests} requests, ${faults} faults`,
      service,
      Requests: requests,
      Faults: faults,
      _aws: { Timestamp: time, CloudWatchMetrics: [DIRECTIVE] },
    });
    if (!write(line, time)) return;
    requests = 0;
    faults = 0;
  }

  return {
    count(isFault) {
      requests += 1;
      if (isFault) faults += 1;
    },
    close() {
      clearInterval(timer);
      send();
    },
  };
}
