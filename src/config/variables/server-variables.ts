import { hosts } from './network-values.ts';
import { integer } from './values.ts';

/** Limits of the HTTP server, and how it behaves behind a load balancer. */
export const SERVER_VARIABLES = {
  KEEP_ALIVE_TIMEOUT_MS: integer(1000, 3_600_000)
    .default(65_000)
    .describe(
      'Time after which an idle connection is closed, in milliseconds. Must be longer than the idle ' +
        'timeout of the load balancer (ALB: 60 s), or clients get sporadic 502s.',
    ),
  HEADERS_TIMEOUT_MS: integer(1000, 3_600_000)
    .default(66_000)
    .describe(
      'Maximum time until the headers of a request are complete, in milliseconds. Must be longer than ' +
        '`KEEP_ALIVE_TIMEOUT_MS`.',
    ),
  REQUEST_TIMEOUT_MS: integer(1000, 3_600_000)
    .default(120_000)
    .describe(
      'Maximum time until a request with its body is complete, in milliseconds. Must not be shorter than ' +
        '`HEADERS_TIMEOUT_MS`.',
    ),
  MAX_CONNECTIONS: integer(1, 100_000)
    .default(2000)
    .describe('Maximum number of open connections; further ones are closed at once.'),
  SHUTDOWN_DELAY_MS: integer(0, 600_000)
    .default(0)
    .describe(
      'Time after SIGTERM during which `/readyz` is 503 and all else is served as before, in ' +
        'milliseconds, so that a load balancer stops sending requests. Must be shorter than ' +
        '`SHUTDOWN_DEADLINE_MS`, which includes it.',
    ),
  ALLOWED_HOSTS: hosts
    .optional()
    .describe(
      'Host names, separated by commas, that a request may name in `Host` besides loopback names and the ' +
        'hosts of `FRONTEND_URL` and `BACKEND_URL`; any other is a 421. Unset: any, but while the API ' +
        'listens on loopback only those.',
    ),
};
