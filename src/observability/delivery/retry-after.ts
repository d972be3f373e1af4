/**
 * Returns the pause that a `Retry-After` header asks for, in milliseconds: its seconds, or the time until its
 * date (RFC 9110, section 10.2.3). Returns 0 for a date in the past, and without a header that can be read.
 */
export function retryAfterMs(header: string | undefined): number {
  if (header === undefined || header === '') return 0;
  const seconds = Number(header);
  const pauseMs = Number.isNaN(seconds) ? Date.parse(header) - Date.now() : seconds * 1000;
  return Number.isFinite(pauseMs) ? Math.max(pauseMs, 0) : 0;
}
