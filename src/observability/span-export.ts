import { type DiagLogger, DiagLogLevel, diag } from '@opentelemetry/api';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { type Delivery, Refused } from './batch-queue.ts';

const EXPORT_TIMEOUT_MS = 30_000;
const PARTIAL_SUCCESS = 'Received Partial Success response:';

/** Sends one batch of spans; rejects as a `BatchQueue` wants it. */
export type SpanExport = (spans: readonly ReadableSpan[]) => Promise<Delivery>;

/**
 * Creates what sends spans over OTLP/HTTP in JSON and says what the back end answered. Address, headers and time
 * limit are the exporter's own reading of the standard `OTEL_EXPORTER_OTLP_*` variables.
 */
export function createSpanExport(options: { compression: 'gzip' | 'none' }): SpanExport {
  // The enum of the exporter's base package is not exported by the exporter; its values are these strings.
  const exporter = new OTLPTraceExporter({ compression: options.compression as never });
  let rejected = 0;
  diag.setLogger(
    listenForPartialSuccess((count) => {
      rejected = count;
    }),
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );

  return (spans) => {
    const { promise, resolve, reject } = Promise.withResolvers<Delivery>();
    const timeout = new Error(`no answer within ${EXPORT_TIMEOUT_MS} ms`);
    const timer = setTimeout(reject, EXPORT_TIMEOUT_MS, timeout).unref();
    exporter.export([...spans], (result) => {
      clearTimeout(timer);
      if (result.code === ExportResultCode.SUCCESS) {
        resolve({
          rejected: Math.min(rejected, spans.length),
          reason: 'partial success: some spans were rejected',
        });
      } else {
        reject(explain(result));
      }
      rejected = 0;
    });
    return promise;
  };
}

/** Only the statuses that OTLP calls retryable are tried again; the exporter gives those no code. */
function explain({ error }: ExportResult): Error {
  const status: unknown = error && 'code' in error ? error.code : undefined;
  if (typeof status === 'number') return new Refused(`the back end answered ${status}`);
  return error ?? new Error('export failed');
}

/** The exporter tells of a partial success to OpenTelemetry's own logger only, right before it reports success. */
function listenForPartialSuccess(onRejected: (count: number) => void): DiagLogger {
  const ignore = () => {};
  return {
    error: ignore,
    info: ignore,
    debug: ignore,
    verbose: ignore,
    warn(message, ...details) {
      if (!message.startsWith(PARTIAL_SUCCESS)) return;
      const [, count] = /"rejectedSpans":"?(\d+)/.exec(String(details[0])) ?? [];
      if (count !== undefined) onRejected(Number(count));
    },
  };
}
