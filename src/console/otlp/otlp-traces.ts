import {
  type Answer,
  type HttpReceiver,
  jsonAnswer,
  type ReceivedRequest,
  Unreadable,
} from '../http/receiver.ts';
import type { Journal } from '../journal/journal.ts';
import { asArray, asRecord, asString, isRecord, parseJson } from '../json.ts';
import { type Attributes, readAttributes, readSpan, type Span } from './span.ts';

/**
 * OTLP/HTTP for traces in its JSON encoding: `POST /v1/traces` with an ExportTraceServiceRequest.
 * Spans that cannot be read are rejected one by one, in `partialSuccess`.
 * https://opentelemetry.io/docs/specs/otlp/#otlphttp
 */
export function createOtlpTraces(journal: Journal): HttpReceiver {
  return {
    protocol: 'otlp',
    matches: ({ path }) => path === '/v1/traces',
    receive: (request) => receive(journal, request),
    refuse: (status, message) => jsonAnswer(status, { message }),
  };
}

function receive(journal: Journal, { method, headers, body }: ReceivedRequest): Answer {
  if (method !== 'POST') throw new Unreadable(405, 'traces are sent with POST');
  if (!/^application\/json\s*(?:;|$)/i.test(headers['content-type'] ?? '')) {
    throw new Unreadable(415, 'the content type is not application/json');
  }
  const message = parseJson(body.toString());
  if (!isRecord(message)) throw new Unreadable(400, 'not an ExportTraceServiceRequest');
  let rejected = 0;
  let reason = '';
  for (const { value, scope, resource } of spansOf(message)) {
    try {
      const span = readSpan(value, scope, resource);
      journal.add({ kind: 'span', traceId: span.traceId, receivedAt: Date.now(), span });
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      rejected += 1;
      reason = error.message;
      journal.couldNotRead('otlp', reason, JSON.stringify(value) ?? '');
    }
  }
  if (rejected === 0) return jsonAnswer(200, {});
  return jsonAnswer(200, { partialSuccess: { rejectedSpans: String(rejected), errorMessage: reason } });
}

function* spansOf(
  message: Record<string, unknown>,
): Generator<{ value: unknown; scope: Span['scope']; resource: Attributes }> {
  for (const resourceSpans of asArray(message.resourceSpans)) {
    const resource = readAttributes(asRecord(asRecord(resourceSpans).resource).attributes);
    for (const scopeSpans of asArray(asRecord(resourceSpans).scopeSpans)) {
      const { name, version } = asRecord(asRecord(scopeSpans).scope);
      const scope = { name: asString(name) ?? '', ...(typeof version === 'string' && { version }) };
      for (const value of asArray(asRecord(scopeSpans).spans)) yield { value, scope, resource };
    }
  }
}
