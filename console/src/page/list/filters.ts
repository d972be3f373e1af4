import type { TraceSummary } from '../../api/types.ts';
import { hexDigits } from '../shared/trace-ids.ts';

/** The filters of the list; an empty one matches everything. The query and the API use the same names. */
export interface Filters {
  readonly text: string;
  readonly route: string;
  /** A status or a status class: `404`, `5xx`. */
  readonly status: string;
  /** A trace id or its first digits, in any format. */
  readonly trace: string;
  readonly errors: boolean;
  /** In milliseconds. */
  readonly slower: string;
}

const TEXTS = ['text', 'route', 'status', 'trace', 'slower'] as const;

export function readFilters(query: URLSearchParams): Filters {
  const [text, route, status, trace, slower] = TEXTS.map((name) => query.get(name) ?? '');
  return {
    text: text ?? '',
    route: route ?? '',
    status: status ?? '',
    trace: trace ?? '',
    slower: slower ?? '',
    errors: query.get('errors') === '1',
  };
}

/** Writes the filters that are set into the query and removes the others. */
export function writeFilters(filters: Filters, query: URLSearchParams): void {
  for (const name of TEXTS) {
    if (filters[name]) query.set(name, filters[name]);
    else query.delete(name);
  }
  if (filters.errors) query.set('errors', '1');
  else query.delete('errors');
}

export function isFiltering(filters: Filters): boolean {
  return filters.errors || TEXTS.some((name) => filters[name] !== '');
}

/** Compiles the filters into a test for summaries. */
export function createMatcher(filters: Filters): (summary: TraceSummary) => boolean {
  const tests: ((summary: TraceSummary) => boolean)[] = [];
  const { text, route, status, trace, errors } = filters;
  const slower = Number(filters.slower);
  if (text)
    tests.push(
      containing(text, ({ name, path, service, traceId, aliases = [] }) => [
        name,
        path,
        service,
        traceId,
        ...aliases,
      ]),
    );
  if (route) tests.push(containing(route, (summary) => [routeOf(summary)]));
  if (status) tests.push((summary) => hasStatus(summary, status.toLowerCase()));
  if (trace)
    tests.push(({ traceId, aliases = [] }) =>
      [traceId, ...aliases].some((id) => id.startsWith(hexDigits(trace))),
    );
  if (errors) tests.push(({ failed }) => failed);
  if (slower > 0) tests.push(({ durationMs }) => (durationMs ?? 0) > slower);
  return (summary) => tests.every((test) => test(summary));
}

/** Returns the route, else the path without its query, else the name. */
export function routeOf({ route, path, name }: TraceSummary): string {
  return route ?? path?.split('?', 1)[0] ?? name;
}

function containing(
  part: string,
  fieldsOf: (summary: TraceSummary) => readonly (string | undefined)[],
): (summary: TraceSummary) => boolean {
  const wanted = part.trim().toLowerCase();
  return (summary) => fieldsOf(summary).some((field) => field?.toLowerCase().includes(wanted));
}

function hasStatus({ status }: TraceSummary, wanted: string): boolean {
  if (status === undefined) return false;
  return /^[1-5]xx$/.test(wanted) ? String(status).startsWith(wanted.slice(0, 1)) : String(status) === wanted;
}
