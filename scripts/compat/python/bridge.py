"""Calls methods of Keen's Python client, one a line: {"method", "args", "kwargs", "keys"} in, {"value"} or {"error"} out."""

import json
import sys

from keen import scoped_keys
from keen.client import KeenClient
from keen.exceptions import KeenApiError

base_url, project, write_key, read_key, master_key = sys.argv[1:]


def client(keys):
    known = {"write_key": write_key, "read_key": read_key, "master_key": master_key}
    return KeenClient(project, base_url=base_url, **{**known, **keys})


def call(request):
    if request["method"] == "scoped_keys.encrypt":
        return scoped_keys.encrypt(*request["args"])
    target = client(request["keys"])
    for name in request["method"].split("."):
        target = getattr(target, name)
    return target(*request["args"], **request["kwargs"])


for line in sys.stdin:
    try:
        answer = {"value": call(json.loads(line))}
    except KeenApiError as error:
        answer = {"error": error.api_error}
    except Exception as error:
        answer = {"error": {"message": repr(error)}}
    # A scoped key is bytes.
    print(json.dumps(answer, default=lambda value: value.decode()), flush=True)
