import { hex, spanOf, type Telemetry } from '../telemetry.ts';

interface RequestPlan {
  readonly traceId?: string;
  readonly method?: string;
  readonly route?: string;
  readonly path?: string;
  readonly status?: number;
  readonly ms?: number;
  /** Milliseconds since the epoch. */
  readonly at?: number;
}

/** A request with a server span only. */
export function plainRequest(plan: RequestPlan = {}): Telemetry & { readonly traceId: string } {
  const { traceId = hex(16), method = 'GET', route = '/api/activities/home', status = 200 } = plan;
  const { path = route, ms = 12, at = Date.now() } = plan;
  const attributes = {
    'http.request.method': method,
    'http.route': route,
    'url.scheme': 'http',
    'url.path': path.split('?')[0] ?? path,
    'url.query': path.split('?')[1] ?? '',
    'http.response.status_code': status,
    'server.address': 'localhost',
    'server.port': 4567,
  };
  const span = spanOf({ traceId, name: `${method} ${route}`, kind: 'server', at, ms, attributes });
  return { traceId, spans: [span] };
}
