import { isIPv6 } from 'node:net';

export interface Addresses {
  readonly host: string;
  readonly httpPort: number;
  readonly xrayPort: number;
}

/** Returns the origin at which a program on this machine reaches a server that listens on `host`. */
export function originOf(host: string, port: number): string {
  return `http://${reachable(host)}:${port}`;
}

/** Returns the environment variables with which a program sends here. Keys and tokens are made up. */
export function variablesFor({ host, httpPort, xrayPort }: Addresses): Record<string, string> {
  const url = originOf(host, httpPort);
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    AWS_XRAY_DAEMON_ADDRESS: `${reachable(host)}:${xrayPort}`,
    CLOUDWATCH_LOG_GROUP: 'cruddur',
    AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: url,
    AWS_REGION: 'ca-central-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    ROLLBAR_ACCESS_TOKEN: '0123456789abcdef0123456789abcdef',
    ROLLBAR_ENDPOINT: `${url}/api/1/item/`,
  };
}

function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return isIPv6(host) ? `[${host}]` : host;
}
