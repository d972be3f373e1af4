from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

provider = TracerProvider(resource=Resource.create({"service.name": "python-service"}))
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(compression=Compression.Gzip)))
tracer = provider.get_tracer("orders", "1.0.0")
request = {"http.request.method": "GET", "url.path": "/orders", "http.route": "/orders", "http.response.status_code": 500}
with tracer.start_as_current_span("GET /orders", kind=trace.SpanKind.SERVER, attributes=request):
    try:
        with tracer.start_as_current_span("load-orders") as span:
            span.set_attributes({"whole": -42, "broken": 0.5, "yes": True, "list": ["a", "b"]})
            raise ValueError("boom")
    except ValueError:
        pass
provider.shutdown()
