interface HaproxyOptions {
  readonly port: number;
  /** The ports of the replicas on 127.0.0.1. */
  readonly replicas: readonly number[];
  /** How often haproxy sends a request again that a replica did not answer. */
  readonly retries: number;
}

/** How soon haproxy notices that a replica is not ready: two checks that fail, 200 ms apart. */
export const NOTICED_MS = 2 * 200;

/**
 * Returns the configuration of a load balancer that keeps connections to its servers, shares them among
 * clients, and appends `X-Forwarded-For`. A replica that comes back takes requests after two good checks.
 */
export function haproxyConfiguration({ port, replicas, retries }: HaproxyOptions): string {
  const servers = replicas.map((replica, index) => `  server replica-${index} 127.0.0.1:${replica} check`);
  return `
defaults
  mode http
  timeout connect 2s
  timeout client 70s
  timeout server 30s
  timeout check 5s
  retries ${retries}
  ${retries > 0 ? 'option redispatch' : 'no option redispatch'}
frontend api
  bind 127.0.0.1:${port}
  option forwardfor
  default_backend replicas
backend replicas
  balance roundrobin
  http-reuse always
  option httpchk GET /readyz
  default-server inter 200 fastinter 200 downinter 200 rise 2 fall 2 pool-max-conn 50
${servers.join('\n')}
`;
}
