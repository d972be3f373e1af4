const PATHS = new Set(['/api/health-check', '/livez', '/readyz']);

/** Returns whether `url`, with or without a query, is a health probe: no span, no segment, no log line. */
export function isHealthPath(url: string): boolean {
  const query = url.indexOf('?');
  return PATHS.has(query < 0 ? url : url.slice(0, query));
}
