import { z } from 'zod';
import { listenHost, origin, origins, trustProxy } from './network-values.ts';
import { baseUrl, choice, flag, integer, text } from './values.ts';

/** The service itself. */
export const SERVICE_VARIABLES = {
  PORT: integer(0, 65_535).default(4567).describe('Port of the API.'),
  HOST: listenHost
    .default('127.0.0.1')
    .describe(
      'Address to listen on. `::`, which the image sets, accepts other machines over IPv6 and IPv4; ' +
        '`0.0.0.0` over IPv4 alone.',
    ),
  FRONTEND_URL: origins
    .optional()
    .describe(
      'Origins, separated by commas, whose pages may use the API in a browser. Default: port 3000 of ' +
        '`http://localhost` and `http://127.0.0.1`, or its host in a Gitpod or Codespaces workspace.',
    ),
  BACKEND_URL: origin
    .optional()
    .describe(
      'Second allowed origin. Default: `http://localhost:4567`, or the host of port 4567 in a workspace.',
    ),
  TRUST_PROXY: trustProxy
    .prefault('off')
    .describe(
      'Proxies whose forwarding headers are trusted: `off`, `on`, a number of proxies, or a list of ' +
        'addresses and networks (`loopback,10.0.0.0/8`). The sampling flag of a request counts only ' +
        'where this list holds every address it came through, the first included.',
    ),
  TRUST_TRACE_SAMPLING: flag
    .default(false)
    .describe(
      '`true` lets every caller decide whether its requests are sampled, by `traceparent` and ' +
        '`X-Amzn-Trace-Id`. Only for a service that no outsider reaches.',
    ),
  DEMO_USER_HANDLE: text
    .default('andrewbrown')
    .describe('The user who posts, sends messages and is notified, as there is no sign-in.'),
  LOG_LEVEL: choice(['error', 'warn', 'info', 'debug'], 'must be one of error, warn, info, debug')
    .default('info')
    .describe('Lowest level that is logged. At `info` there is one line per request.'),
  SHUTDOWN_DEADLINE_MS: integer(100, 600_000)
    .default(8000)
    .describe(
      'Maximum time from the signal to the end of the process, in milliseconds. Must be shorter ' +
        'than the kill timeout of the platform (Docker: 10 s).',
    ),
  TELEMETRY_FALLBACK_URL: baseUrl
    .optional()
    .describe(
      'Receiver of all protocols, such as the local console, for each system without a key or ' +
        'address of its own. X-Ray is not included: it is off without `AWS_XRAY_DAEMON_ADDRESS`. ' +
        'Unset: those systems are off.',
    ),
};

/** Set by cloud workspaces, from which the defaults of public addresses are derived. */
export const WORKSPACE_VARIABLES = {
  GITPOD_WORKSPACE_ID: z.string().optional().describe('Set by Gitpod.'),
  GITPOD_WORKSPACE_CLUSTER_HOST: z.string().optional().describe('Set by Gitpod.'),
  CODESPACE_NAME: z.string().optional().describe('Set by Codespaces.'),
  GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN: z.string().optional().describe('Set by Codespaces.'),
};
