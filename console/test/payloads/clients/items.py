import os

import rollbar

endpoint = os.environ["ROLLBAR_ENDPOINT"].removesuffix("item/")
rollbar.init("token", environment="test", endpoint=endpoint, handler="blocking")
try:
    raise ValueError("boom")
except ValueError:
    rollbar.report_exc_info(extra_data={"trace_id": "58406520a006649127e371903a2de979"})
rollbar.report_message("Hello World!", "warning")
