import { z } from 'zod';
import type { Sinks } from '../observability/delivery/sink-counters.ts';
import type { Reporter } from '../observability/rollbar/reporter.ts';
import { type Endpoint, endpoint } from './endpoint.ts';

const count = z.int().nonnegative();

const SinkReport = z
  .object({
    on: z.boolean(),
    destination: z
      .string()
      .nullable()
      .meta({ description: 'Host and port', example: 'api.honeycomb.io:443' }),
    accepted: count.meta({
      description:
        'Items passed to the system: spans, segments, log events, and occurrences of faults and messages',
    }),
    sent: count.meta({
      description: 'Items that the back end acknowledged. A folded report counts all its occurrences',
    }),
    dropped: count,
    queued: count,
    limited: count
      .optional()
      .meta({ description: 'Traces not sampled because of `OTEL_SPANS_PER_SECOND`; absent without it' }),
    last_error: z.string().nullable(),
    last_error_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'SinkReport' });

const Telemetry = z
  .object({ honeycomb: SinkReport, xray: SinkReport, cloudwatch: SinkReport, rollbar: SinkReport })
  .meta({ id: 'Telemetry' });

/** Returns the routes that show and test the telemetry of the service itself. */
export function telemetryRoutes({
  sinks,
  reporter,
}: {
  readonly sinks: Sinks;
  readonly reporter: Reporter;
}): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/telemetry',
      summary: 'Show how many items each system accepted, sent and dropped since the process started',
      response: Telemetry,
      handle(_input, _request, response) {
        response.setHeader('Cache-Control', 'no-store');
        return {
          honeycomb: sinks.honeycomb.report(),
          xray: sinks.xray.report(),
          cloudwatch: sinks.cloudwatch.report(),
          rollbar: sinks.rollbar.report(),
        };
      },
    }),
    endpoint({
      method: 'get',
      path: '/rollbar/test',
      summary: 'Send the message `Hello World!` to Rollbar at level warning',
      response: z.literal('Hello World!'),
      mediaType: 'text/plain',
      handle(_input, request) {
        if (request.method !== 'HEAD') reporter.warning('Hello World!', request);
        return 'Hello World!' as const;
      },
    }),
  ];
}
