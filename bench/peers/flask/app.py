"""Flask alone, or with the four systems if PEER is "course"."""

import json
import os

from flask import Flask

app = Flask(__name__)
rows = json.loads(os.environ["HOME_FEED"])
headers = json.loads(os.environ["RESPONSE_HEADERS"])


def home():
    return rows


if os.environ.get("PEER") == "course":
    from four_systems import watch

    home = watch(app, home)


@app.route("/api/activities/home")
def home_activities():
    return home(), 200, headers
