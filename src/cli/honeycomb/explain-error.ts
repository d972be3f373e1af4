const MAX_DETAIL_LENGTH = 300;

/** The permission that a key needs, by resource, in Honeycomb's words. */
const PERMISSIONS: Readonly<Record<string, string>> = {
  boards: 'Manage Public Boards',
  markers: 'Manage Markers',
};

export interface FailedRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly text: string;
  readonly retryAfter: string | null;
}

/** Returns one sentence with the cause of a failed request and the next step. */
export function explainError(failure: FailedRequest): string {
  const { method, path, status } = failure;
  const detail = detailOf(failure.text);
  return `${method} ${path} answered ${status}: ${advise(failure)}${detail && ` (${detail})`}`;
}

function advise({ path, status, retryAfter }: FailedRequest): string {
  const [, , resource = '', dataset = ''] = path.split('/');
  if (status === 401)
    return (
      'HONEYCOMB_CONFIGURATION_KEY must be a configuration key, not an ingest key, of this region ' +
      '(EU: HONEYCOMB_API_ENDPOINT=https://api.eu1.honeycomb.io)'
    );
  if (status === 403)
    return `the key lacks the permission "${PERMISSIONS[resource] ?? 'Manage Queries and Columns'}"`;
  if (status === 404 && dataset !== '')
    return (
      `the key's environment has no dataset ${dataset}: ` +
      'send a first span (npm run doctor), or correct OTEL_SERVICE_NAME'
    );
  if (status === 429)
    return `the rate limit is exceeded: try again${retryAfter ? ` after ${retryAfter}` : ' later'}`;
  if (status >= 500) return 'Honeycomb has a problem: try again later';
  return 'Honeycomb rejects this request';
}

/** Extracts Honeycomb's own explanation: `error`, and the description of each field in `type_detail`. */
function detailOf(text: string): string {
  try {
    const { error, type_detail: details } = JSON.parse(text);
    const described = Array.isArray(details)
      ? details.map(({ field, description }) => [field, description].filter(Boolean).join(' '))
      : [];
    return [error, ...described]
      .filter((part) => typeof part === 'string')
      .join('; ')
      .slice(0, MAX_DETAIL_LENGTH);
  } catch {
    return '';
  }
}
