import { SpanKind } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/sdk-trace';
import { ATTR_URL_FULL, ATTR_URL_QUERY } from '@opentelemetry/semantic-conventions';
import { redactUrl } from '../redact.ts';

/**
 * Takes the secrets out of the URL of a request that the service itself makes, as its span starts. The instrumentation
 * of http redacts by a short list of names, that of fetch not at all.
 */
export function redactOutgoingUrl(span: Span): void {
  if (span.kind !== SpanKind.CLIENT) return;
  const url = span.attributes[ATTR_URL_FULL];
  if (typeof url !== 'string' || !/[?@]/.test(url)) return;
  const redacted = redactUrl(url);
  span.setAttribute(ATTR_URL_FULL, redacted);
  if (ATTR_URL_QUERY in span.attributes)
    span.setAttribute(ATTR_URL_QUERY, /\?(.*)/.exec(redacted)?.[1] ?? '');
}
