let last = Number.NaN;
let text = '';

/**
 * Formats a time in milliseconds as ISO 8601. Keeps the last text, because formatting costs a microsecond and
 * several events share a millisecond.
 */
export function toTimestamp(time: number): string {
  if (time !== last) text = new Date(time).toISOString();
  last = time;
  return text;
}
