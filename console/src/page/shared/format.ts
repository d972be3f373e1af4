const COUNT = new Intl.NumberFormat('en');
const DATE = new Intl.DateTimeFormat('sv', { dateStyle: 'short' });

/** `14:05:09.123`, in the browser's time zone. */
export function formatTime(ms: number): string {
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) return '–';
  const [hours, minutes, seconds] = [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits);
  return `${hours}:${minutes}:${seconds}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** `2026-11-22 14:05:09.123`. */
export function formatDateTime(ms: number): string {
  const time = formatTime(ms);
  return time === '–' ? time : `${DATE.format(ms)} ${time}`;
}

/** Three digits and a unit: `0.42 ms`, `267 ms`, `1.27 s`, `2 m 05 s`. */
export function formatDuration(ms: number | undefined): string {
  if (ms === undefined || !Number.isFinite(ms)) return '–';
  const size = Math.abs(ms);
  if (size < 10) return `${ms.toFixed(2)} ms`;
  if (size < 100) return `${ms.toFixed(1)} ms`;
  if (size < 1_000) return `${ms.toFixed(0)} ms`;
  if (size < 60_000) return `${(ms / 1_000).toFixed(2)} s`;
  const seconds = Math.round(ms / 1_000);
  return `${COUNT.format(Math.trunc(seconds / 60))} m ${twoDigits(Math.abs(seconds % 60))} s`;
}

/** The age of a time, in one unit: `now`, `12 s ago`, `3 min ago`, `2 h ago`, `5 d ago`. */
export function formatAgo(ms: number, now = Date.now()): string {
  const seconds = Math.max(0, Math.round((now - ms) / 1_000));
  if (seconds < 2) return 'now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h ago`;
  return `${COUNT.format(Math.floor(seconds / 86_400))} d ago`;
}

export function formatCount(count: number): string {
  return COUNT.format(count);
}

/** In units of 1,024 × 1,024 bytes: `12.3 MB`. */
export function formatBytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MB`;
}

/** Formats a fraction of 1 as a percentage: `0 %`, `0.4 %`, `12 %`. */
export function formatShare(share: number): string {
  const percent = share * 100;
  return `${percent > 0 && percent < 10 ? percent.toFixed(1) : percent.toFixed(0)} %`;
}

/** Shortens a text to `length` characters and appends the number of those cut off. */
export function clip(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length)}… (${COUNT.format(text.length - length)} more characters)`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
