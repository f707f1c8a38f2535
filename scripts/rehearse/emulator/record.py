"""One line for each call that reaches the emulator, whoever made it: the `sst` command, a provider plugin, a function."""

import json
import re
import threading
import time
from io import BytesIO
from urllib.parse import parse_qsl

import models

CREDENTIAL = re.compile(r"Credential=([^/]+)/\d+/[^/]+/([^/]+)/aws4_request")
# Bodies beyond this are files, and none of the record's business.
MOST_BYTES = 400_000


class Recorder:
    def __init__(self, file, but):
        """but: the key of a caller that writes its own lines"""
        self.but = but
        self.file = open(file, "a", buffering=1)
        self.lock = threading.Lock()

    def write(self, **call):
        with self.lock:
            self.file.write(json.dumps({"at": round(time.time(), 3), **call}, default=str) + "\n")

    def around(self, app):
        """The app with every signed request recorded."""

        def recorded(environ, start_response):
            signed = CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
            if not signed or signed[1] == self.but:
                return app(environ, start_response)
            key, service = signed.groups()
            # What S3 is given is files, also where it is JSON: SST writes a stage's whole state after each resource.
            body = b"" if service == "s3" else small_body(environ)
            query = set(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True))
            form = dict(parse_qsl(body.decode("utf-8", "replace"))) if b"Action=" in body[:4096] else dict(query)
            path = environ.get("RAW_URI", environ.get("PATH_INFO", "")).partition("?")[0]
            action, labels = models.operation_of(service, environ["REQUEST_METHOD"], path, query, environ, form)
            ended = {}

            def start(status, headers, *rest):
                ended["status"] = int(status.split()[0])
                return start_response(status, headers, *rest)

            try:
                return app(environ, start)
            finally:
                self.write(
                    key=key,
                    actor=environ.get("HTTP_USER_AGENT", "").partition(" ")[0],
                    service=service,
                    action=action,
                    input={**labels, **as_input(body, form), **unnamed(action, environ, path)},
                    status=ended.get("status", 0),
                )

        return recorded


def unnamed(action, environ, path):
    """What there is to find a call by that no model names."""
    return {"method": environ["REQUEST_METHOD"], "path": path} if action == "?" else {}


def small_body(environ):
    """The body where it is short text; the app can still read all of it."""
    length = int(environ.get("CONTENT_LENGTH") or 0)
    kind = environ.get("CONTENT_TYPE", "")
    if length == 0 or length > MOST_BYTES or not ("json" in kind or "form" in kind):
        return b""
    body = environ["wsgi.input"].read(length)
    environ["wsgi.input"] = BytesIO(body)
    return body


def as_input(body, form):
    if "Action" in form:
        return {name: value for name, value in form.items() if name not in ("Action", "Version")}
    try:
        value = json.loads(body) if body else {}
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
