import type { Span } from '../../otlp/span.ts';
import { type Finding, httpStatus, milliseconds, pathOfUrl, shortText } from './request-facts.ts';

/**
 * Reads facts about a request from a span, by OpenTelemetry's HTTP conventions, including those before 1.23.
 * https://opentelemetry.io/docs/specs/semconv/http/http-spans/
 */
export function findInSpan(span: Span): Finding {
  const { attributes, kind } = span;
  const startedAt = milliseconds(span.startTime);
  const durationMs = milliseconds(span.durationMs);
  const name = shortText(span.name);
  const service = shortText(span.resource['service.name']);
  const method = shortText(attributes['http.request.method'] ?? attributes['http.method']);
  const root = span.parentSpanId === undefined;
  if (kind !== 'server' || method === undefined) {
    return {
      source: root ? 'root' : 'any',
      facts: { startedAt, name, service, durationMs: root ? durationMs : undefined },
      failed: span.status.code === 'error',
    };
  }
  const status = httpStatus(attributes['http.response.status_code'] ?? attributes['http.status_code']);
  return {
    source: 'serverSpan',
    facts: {
      startedAt,
      name,
      service,
      method,
      route: shortText(attributes['http.route']),
      path: pathOf(attributes),
      status,
      durationMs,
    },
    failed: span.status.code === 'error' || (status ?? 0) >= 500,
  };
}

function pathOf(attributes: Span['attributes']): string | undefined {
  const { 'url.path': path, 'url.query': query } = attributes;
  if (typeof path !== 'string') {
    return pathOfUrl(attributes['http.target'] ?? attributes['url.full'] ?? attributes['http.url']);
  }
  if (typeof query !== 'string' || query === '') return shortText(path);
  return shortText(`${path}?${query}`);
}
