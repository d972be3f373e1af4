import type { TraceView } from '../../api/types.ts';
import { asFields, asString, asText, type Fields } from '../shared/coerce.ts';

/** Returns a `curl` command that repeats the request; undefined when its URL is unknown. */
export function curlOf({ spans, segments, errors, summary }: TraceView): string | undefined {
  const server = spans.find(({ kind }) => kind === 'server');
  const reported = asFields(errors.find(({ request }) => asFields(request).url)?.request);
  const traced = asFields(segments.map(({ http }) => http?.request).find((request) => request?.url));
  const address = asString(reported.url) ?? asString(traced.url);
  const url = (server && urlOf(server.attributes)) ?? address;
  if (!url || !/^https?:\/\//i.test(url)) return undefined;
  const method = asString(summary.method ?? reported.method ?? traced.method) ?? 'GET';
  const known = /^[A-Z]+$/.test(method) ? method : 'GET';
  return [
    'curl',
    ...(/[[\]{}]/.test(url) ? ['--globoff'] : []),
    ...(known === 'GET' ? [] : known === 'HEAD' ? ['--head'] : ['-X', known]),
    quote(url),
    ...bodyOf(reported, known),
  ].join(' ');
}

/** Reads the semantic conventions for HTTP, and the names before version 1.23. */
function urlOf(attributes: Fields): string | undefined {
  const whole = asString(attributes['url.full'] ?? attributes['http.url']);
  if (whole) return whole;
  const scheme = asString(attributes['url.scheme'] ?? attributes['http.scheme']) ?? 'http';
  const name = asString(attributes['server.address'] ?? attributes['net.host.name']);
  const port = attributes['server.port'] ?? attributes['net.host.port'];
  const host = asString(attributes['http.host']) ?? (name && (port ? `${name}:${port}` : name));
  const path = asString(attributes['url.path'] ?? attributes['http.target']);
  const query = asString(attributes['url.query']);
  if (!host || !path) return undefined;
  return `${scheme}://${host}${path}${query ? `?${query}` : ''}`;
}

/** Rollbar's clients send the body in a field named after the method. */
function bodyOf(request: Fields, method: string): string[] {
  const body = request[method] ?? request.body;
  if (method === 'GET' || method === 'HEAD' || body === undefined) return [];
  const type = asString(asFields(request.headers)['content-type']) ?? 'application/json';
  return ['-H', quote(`content-type: ${type}`), '--data', quote(asText(body, 0))];
}

/** Quotes one word for a shell. Escapes control characters, because a terminal would interpret them. */
function quote(text: string): string {
  if (!/\p{Cc}/u.test(text)) return `'${text.replaceAll("'", `'\\''`)}'`;
  const escaped = text
    .replace(/[\\']/g, '\\$&')
    .replace(/\p{Cc}/gu, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `$'${escaped}'`;
}
