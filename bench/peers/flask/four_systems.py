"""The four systems, wired as the course's app.py and home_activities.py wire them."""

import logging
import os
from datetime import datetime, timezone
from time import strftime

import rollbar
import rollbar.contrib.flask
import watchtower
from aws_xray_sdk.core import xray_recorder
from aws_xray_sdk.ext.flask.middleware import XRayMiddleware
from flask import got_request_exception, request
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.flask import FlaskInstrumentor
from opentelemetry.instrumentation.requests import RequestsInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

logger = logging.getLogger(__name__)
tracer = trace.get_tracer("home.activities")


def watch(app, home):
    """Adds the four systems to `app`. Returns `home` with its span and its log line."""
    start_tracing(app)
    xray_recorder.configure(service="backend-express", dynamic_naming=os.getenv("AWS_XRAY_URL"))
    XRayMiddleware(app, xray_recorder)
    start_logging(app)
    start_reporting(app)

    def watched_home():
        logger.info("HomeActivities")
        with tracer.start_as_current_span("home-activities-mock-data"):
            span = trace.get_current_span()
            span.set_attribute("app.now", datetime.now(timezone.utc).isoformat())
            results = home()
            span.set_attribute("app.result_length", len(results))
            return results

    return watched_home


def start_tracing(app):
    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    FlaskInstrumentor().instrument_app(app)
    RequestsInstrumentor().instrument()


def start_logging(app):
    logger.setLevel(logging.DEBUG)
    # The course's console, which no row of this benchmark shows.
    logger.addHandler(logging.StreamHandler(open(os.devnull, "w")))
    logger.addHandler(watchtower.CloudWatchLogHandler(log_group=os.environ["CLOUDWATCH_LOG_GROUP"]))

    @app.after_request
    def after_request(response):
        timestamp = strftime("[%Y-%b-%d %H:%M]")
        logger.error(
            "%s %s %s %s %s %s",
            timestamp,
            request.remote_addr,
            request.method,
            request.scheme,
            request.full_path,
            response.status,
        )
        return response


def start_reporting(app):
    """Flask 2.3 removed `before_first_request`, in which the course does this."""
    rollbar.init(
        os.environ["ROLLBAR_ACCESS_TOKEN"],
        "production",
        root=os.path.dirname(os.path.realpath(__file__)),
        allow_logging_basic_config=False,
        endpoint=os.environ["ROLLBAR_ENDPOINT"],
    )
    got_request_exception.connect(rollbar.contrib.flask.report_exception, app)
