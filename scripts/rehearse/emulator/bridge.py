"""How the stand-ins for the provider plugins call AWS: POST /rehearsal/call {service, operation, input, resource}.

An input that AWS's own model would refuse never reaches the emulator, which would take nearly anything.
"""

import base64
import json
import threading

import boto3
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError

import gaps
import models

PATH = "/rehearsal/call"
# What the stand-ins sign with. Their calls are recorded here, with the input in AWS's spelling and the resource they are for.
KEY = "AKIAREHEARSALPROVIDER"


class Bridge:
    def __init__(self, app, recorder, port):
        self.app, self.recorder, self.port = app, recorder, port
        self.clients, self.lock = {}, threading.Lock()

    def __call__(self, environ, start_response):
        if environ["PATH_INFO"] != PATH:
            return self.app(environ, start_response)
        asked = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])), object_hook=read_bytes)
        try:
            status, answer = self.call(**asked)
        except Exception as error:  # the stand-in must hear of a mistake of ours, and not wait for ever
            status, answer = "500 Error", {"error": f"{type(error).__name__}: {error}"}
        body = json.dumps(answer, default=write_other).encode()
        start_response(status, [("content-type", "application/json"), ("content-length", str(len(body)))])
        return [body]

    def call(self, service, operation, input, resource):
        model = models.service(service).operation_model(operation)
        wrong = models.problems(model.input_shape, input, operation) if model.input_shape else []

        def record(status):
            signed_as = model.service_model.signing_name
            self.recorder.write(key=KEY, actor=resource, service=signed_as, action=operation, input=input, status=status)

        if wrong:
            record(400)
            return "400 Refused", {"error": f"AWS would refuse {service} {operation}: {'; '.join(wrong)}", "code": "Invalid"}
        if (service, operation) in gaps.OPERATIONS:
            record(200)
            return "200 OK", gaps.OPERATIONS[service, operation](**input)
        try:
            answer = getattr(self.client(service), xform_name(operation))(**input)
        except ClientError as error:
            record(error.response["ResponseMetadata"]["HTTPStatusCode"])
            return "400 Refused", {"error": str(error), "code": error.response["Error"]["Code"]}
        record(answer.pop("ResponseMetadata")["HTTPStatusCode"])
        return "200 OK", answer

    def client(self, service):
        with self.lock:
            if service not in self.clients:
                self.clients[service] = boto3.client(
                    service,
                    region_name="us-east-1",
                    endpoint_url=f"http://127.0.0.1:{self.port}",
                    aws_access_key_id=KEY,
                    aws_secret_access_key="rehearsal",
                    config=Config(retries={"max_attempts": 1}, read_timeout=120),
                )
            return self.clients[service]


def read_bytes(value):
    return base64.b64decode(value["$base64"]) if value.keys() == {"$base64"} else value


def write_other(value):
    if isinstance(value, (bytes, bytearray)):
        return {"$base64": base64.b64encode(value).decode()}
    if hasattr(value, "read"):
        return write_other(value.read())
    return str(value)
