import {
  type Answer,
  type HttpReceiver,
  type ReceivedRequest,
  type RequestHead,
  UnreadableInput,
} from '../http/receiver.ts';
import type { Journal } from '../journal/journal.ts';
import type { Encoding, Rejection, Signal } from './encoding.ts';
import { findForeignForms } from './foreign-forms.ts';
import { jsonEncoding } from './json-encoding.ts';
import { countDataPoints, countLogRecords } from './logs-and-metrics.ts';
import { receiveTraces } from './traces.ts';

const PATH = /^\/+v1\/+(traces|logs|metrics)\/*$/;
/** What an endpoint of the variable without a signal becomes when it already has the path of one. */
const TWICE = /^\/+v1\/+(?:traces|logs|metrics)\/+v1\/+(?:traces|logs|metrics)\/*$/;

/**
 * Receives OTLP/HTTP, `POST /v1/traces`, `/v1/logs` and `/v1/metrics`, in JSON and protobuf. Responses have
 * the encoding of the request. Spans go to the journal; log records and the data points of metrics are only
 * counted.
 * https://opentelemetry.io/docs/specs/otlp/#otlphttp
 */
export function createOtlp(journal: Journal): HttpReceiver {
  const receivers: Record<Signal, (message: Record<string, unknown>) => Rejection | undefined> = {
    traces: (message) => receiveTraces(journal, message),
    logs: (message) => void journal.count('otlpLogs', countLogRecords(message)),
    metrics: (message) => void journal.count('metrics', countDataPoints(message)),
  };

  async function receive(request: ReceivedRequest): Promise<Answer> {
    if (request.method !== 'POST') throw new UnreadableInput(405, 'signals are sent with POST');
    if (TWICE.test(request.path)) {
      throw new UnreadableInput(
        404,
        'the path has /v1/ twice: set OTEL_EXPORTER_OTLP_ENDPOINT without /v1/…',
      );
    }
    const encoding = await encodingOf(request);
    if (!encoding)
      throw new UnreadableInput(415, 'the content type is not application/json or application/x-protobuf');
    const signal = PATH.exec(request.path)?.[1] as Signal;
    const message = encoding.decodeRequest(signal, request.body);
    const rejection = addForeignForms(receivers[signal](message), signal, message);
    return answer(200, encoding, encoding.encodeResponse(signal, rejection));
  }

  function addForeignForms(
    rejection: Rejection | undefined,
    signal: Signal,
    message: Record<string, unknown>,
  ): Rejection | undefined {
    const forms = findForeignForms(signal, message);
    for (const { reason, sample } of forms) journal.recordUnreadable('otlp', reason, JSON.stringify(sample));
    const all: Rejection[] = rejection === undefined ? forms : [rejection, ...forms];
    if (all.length === 0) return undefined;
    return {
      count: all.reduce((sum, { count }) => sum + count, 0),
      reason: all.map(({ reason }) => reason).join('; '),
    };
  }

  return {
    protocol: 'otlp',
    matches: ({ path }) => PATH.test(path) || TWICE.test(path),
    receive,
    refuse: async (status, reason, head) => {
      const encoding = (await encodingOf(head)) ?? jsonEncoding;
      return answer(status, encoding, encoding.encodeStatus(reason));
    },
  };
}

async function encodingOf({ headers }: RequestHead): Promise<Encoding | undefined> {
  const [contentType = ''] = (headers['content-type'] ?? '').split(';');
  switch (contentType.trim().toLowerCase()) {
    case 'application/json':
      return jsonEncoding;
    case 'application/x-protobuf':
      // Loaded with the first such request, because it takes 80 ms.
      return (await import('./protobuf-encoding.ts')).protobufEncoding;
  }
  return undefined;
}

function answer(status: number, { contentType }: Encoding, body: Answer['body']): Answer {
  return { status, contentType, body };
}
