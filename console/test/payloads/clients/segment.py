from aws_xray_sdk.core import xray_recorder

xray_recorder.configure(sampling=False, service="python-service")
with xray_recorder.in_segment("python-service", traceid="1-58406520-a006649127e371903a2de979") as segment:
    segment.put_http_meta("method", "GET")
    segment.put_http_meta("url", "http://localhost/orders")
    segment.put_http_meta("status", 500)
    try:
        with xray_recorder.in_subsegment("load-orders") as subsegment:
            subsegment.put_annotation("count", 3)
            subsegment.put_metadata("now", "2026-01-01", "orders")
            raise ValueError("boom")
    except ValueError:
        pass
