import type { Attributes, Span } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';

/**
 * Sets attributes of a span that records, for names and values that the service itself makes: undefined is
 * left out, anything else is an attribute. The SDK's own `setAttributes`, and the attributes that a span
 * starts with, are checked with a WeakSet for each value: a third of the cost of a span (docs/adr/0036).
 */
export function setAttributes(span: Span, attributes: Attributes): void {
  if (!span.isRecording()) return;
  const own = (span as unknown as ReadableSpan).attributes;
  for (const name in attributes) {
    const value = attributes[name];
    if (value !== undefined) own[name] = value;
  }
}
