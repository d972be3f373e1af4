const PATHS = new Set(['/api/health-check', '/livez', '/readyz']);

/** Whether the request is a probe, which leaves no span, no segment and no log line. `url` may have a query. */
export function isHealthPath(url: string): boolean {
  const query = url.indexOf('?');
  return PATHS.has(query < 0 ? url : url.slice(0, query));
}
