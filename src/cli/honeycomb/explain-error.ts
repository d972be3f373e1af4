const LONGEST_DETAIL = 300;

/** The permission that a key needs for a path, as Honeycomb calls it. */
const PERMISSIONS: Readonly<Record<string, string>> = {
  boards: 'Manage Public Boards',
  markers: 'Manage Markers',
};

export interface Refusal {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly text: string;
  readonly retryAfter: string | null;
}

/** One sentence on why Honeycomb refused a request, and what to do. */
export function explainError(refusal: Refusal): string {
  const { method, path, status } = refusal;
  const detail = detailOf(refusal.text);
  return `${method} ${path} answered ${status}: ${advise(refusal)}${detail && ` (${detail})`}`;
}

function advise({ path, status, retryAfter }: Refusal): string {
  const [, , resource = '', dataset = ''] = path.split('/');
  if (status === 401)
    return 'HONEYCOMB_CONFIGURATION_KEY is to be a configuration key, not the ingest key, of this region (EU: HONEYCOMB_API_ENDPOINT=https://api.eu1.honeycomb.io)';
  if (status === 403)
    return `the key lacks the permission "${PERMISSIONS[resource] ?? 'Manage Queries and Columns'}"`;
  if (status === 404 && dataset !== '')
    return `there is no dataset ${dataset} in the key's environment: send it a first request (npm run doctor), or set OTEL_SERVICE_NAME`;
  if (status === 429)
    return `the rate limit is reached: try again${retryAfter ? ` after ${retryAfter}` : ' later'}`;
  if (status >= 500) return 'Honeycomb is in trouble itself: try again later';
  return 'Honeycomb does not take this';
}

/** Honeycomb's own words: `error`, and a description for each field in `type_detail`. */
function detailOf(text: string): string {
  try {
    const { error, type_detail: details } = JSON.parse(text);
    const described = Array.isArray(details)
      ? details.map(({ field, description }) => [field, description].filter(Boolean).join(' '))
      : [];
    return [error, ...described]
      .filter((part) => typeof part === 'string')
      .join('; ')
      .slice(0, LONGEST_DETAIL);
  } catch {
    return '';
  }
}
