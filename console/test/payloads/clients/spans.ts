import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

const exporter = process.argv[2] === 'json' ? new JsonExporter() : new ProtobufExporter();
const provider = new TracerProvider({
  resource: resourceFromAttributes({ 'service.name': 'javascript-service' }),
  spanProcessors: [new BatchSpanProcessor({ exporter })],
});
const tracer = provider.getTracer('orders', '1.0.0');
const server = tracer.startSpan('GET /orders', {
  kind: SpanKind.SERVER,
  attributes: {
    'http.request.method': 'GET',
    'url.path': '/orders',
    'http.route': '/orders',
    'http.response.status_code': 500,
  },
});
const child = tracer.startSpan('load-orders', {}, trace.setSpan(ROOT_CONTEXT, server));
child.setAttributes({ whole: -42, broken: 0.5, yes: true, list: ['a', 'b'] });
child.recordException(new Error('boom'));
child.setStatus({ code: SpanStatusCode.ERROR, message: 'boom' });
child.end();
server.end();
await provider.shutdown();
