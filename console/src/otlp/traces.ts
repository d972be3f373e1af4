import { UnreadableInput } from '../http/receiver.ts';
import type { Journal } from '../journal/journal.ts';
import { asRecord, asString } from '../json.ts';
import { type Attributes, readAttributes } from './attributes.ts';
import type { Rejection } from './encoding.ts';
import { readList } from './read-list.ts';
import { readSpan, type Span } from './span.ts';

/** The journal repeats resource and scope for each span, so that a few large ones could fill it. */
const MAX_REPEATED_BYTES = 64 * 1024 * 1024;

interface Found {
  readonly value: unknown;
  readonly scope: Span['scope'];
  readonly resource: Attributes;
}

/** Adds the spans of an ExportTraceServiceRequest to the journal. Unreadable ones are rejected singly. */
export function receiveTraces(journal: Journal, message: Record<string, unknown>): Rejection | undefined {
  const receivedAt = Date.now();
  let rejection: Rejection | undefined;
  for (const { value, scope, resource } of findSpans(message)) {
    try {
      const span = readSpan(value, scope, resource);
      journal.add({ kind: 'span', traceId: span.traceId, receivedAt, span });
    } catch (error) {
      if (!(error instanceof UnreadableInput)) throw error;
      rejection = { count: (rejection?.count ?? 0) + 1, reason: error.message };
      journal.recordUnreadable('otlp', error.message, JSON.stringify(value) ?? '');
    }
  }
  return rejection;
}

/** Collects all spans first, so that a request with a malformed structure is refused as a whole. */
function findSpans(message: Record<string, unknown>): Found[] {
  const found: Found[] = [];
  let repeatedBytes = 0;
  for (const resourceSpans of readList(message, 'resourceSpans').map(asRecord)) {
    const resource = readAttributes(asRecord(resourceSpans.resource));
    for (const scopeSpans of readList(resourceSpans, 'scopeSpans').map(asRecord)) {
      const scope = readScope(asRecord(scopeSpans.scope));
      const spans = readList(scopeSpans, 'spans');
      repeatedBytes += spans.length * JSON.stringify([resource, scope]).length;
      if (repeatedBytes > MAX_REPEATED_BYTES) {
        throw new UnreadableInput(
          413,
          `resources and scopes, repeated per span, are over ${MAX_REPEATED_BYTES} bytes`,
        );
      }
      for (const value of spans) found.push({ value, scope, resource });
    }
  }
  return found;
}

function readScope({ name, version }: Record<string, unknown>): Span['scope'] {
  const text = asString(version);
  return { name: asString(name) ?? '', ...(text && { version: text }) };
}
