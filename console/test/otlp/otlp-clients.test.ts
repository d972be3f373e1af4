import { SpanKind } from '@opentelemetry/api';
import { OTLPLogExporter as JsonLogs } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPLogExporter as ProtobufLogs } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPMetricExporter as JsonMetrics } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPMetricExporter as ProtobufMetrics } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter as JsonTraces } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufTraces } from '@opentelemetry/exporter-trace-otlp-proto';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { afterAll, describe, expect, it } from 'vitest';
import { startReceivers } from '../helpers/receivers.ts';

const receivers = await startReceivers();
afterAll(() => receivers.close());

const counted = () => receivers.journal.counts().counted;
const urlOf = (signal: string) => ({ url: `${receivers.url}/v1/${signal}` });

describe.each([
  ['JSON', JsonTraces, JsonLogs, JsonMetrics],
  ['protobuf', ProtobufTraces, ProtobufLogs, ProtobufMetrics],
] as const)('an OpenTelemetry SDK with %s', (_, Traces, Logs, Metrics) => {
  it('sends spans that arrive with exact nanoseconds and 64-bit integers', async () => {
    const provider = new TracerProvider({
      spanProcessors: [new BatchSpanProcessor({ exporter: new Traces(urlOf('traces')) })],
    });
    const span = provider.getTracer('orders', '1.0.0').startSpan('GET /orders', {
      kind: SpanKind.SERVER,
      startTime: [1_700_000_000, 1_000_001],
      attributes: { whole: -42, large: 2 ** 52, broken: 0.5, text: 'héllo', yes: true, list: ['a', 'b'] },
    });
    span.addEvent('cache.miss', { key: 'a' });
    span.end([1_700_000_000, 3_500_002]);
    await provider.shutdown();

    expect(receivers.spans().at(-1)).toMatchObject({
      ...{ traceId: span.spanContext().traceId, spanId: span.spanContext().spanId },
      kind: 'server',
      durationMs: 2.500001,
      attributes: { whole: -42, large: 2 ** 52, broken: 0.5, text: 'héllo', yes: true, list: ['a', 'b'] },
      events: [{ name: 'cache.miss', attributes: { key: 'a' } }],
      scope: { name: 'orders', version: '1.0.0' },
    });
  });

  it('sends log records, which are counted', async () => {
    const before = counted().otlpLogs;
    const provider = new LoggerProvider({
      processors: [new BatchLogRecordProcessor({ exporter: new Logs(urlOf('logs')) })],
    });
    for (const body of ['one', 'two', 'three']) provider.getLogger('orders').emit({ body });
    await provider.shutdown();

    expect(counted().otlpLogs - before).toBe(3);
  });

  it('sends metrics, whose data points are counted', async () => {
    const before = counted().metrics;
    const provider = new MeterProvider({
      readers: [new PeriodicExportingMetricReader({ exporter: new Metrics(urlOf('metrics')) })],
    });
    const meter = provider.getMeter('orders');
    const orders = meter.createCounter('orders');
    for (const country of ['ca', 'us']) orders.add(1, { country });
    meter.createHistogram('duration').record(12);
    await provider.shutdown();

    expect(counted().metrics - before).toBe(3);
  });

  it('sends nothing unreadable', () => {
    expect(receivers.journal.unread()).toEqual([]);
  });
});
