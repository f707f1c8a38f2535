"""The AWS of the rehearsal: moto behind one port of loopback, with a record of every call and a door for the stand-ins.

usage: serve.py PORT RECORD
  PORT    where it listens (127.0.0.1)
  RECORD  file that gets one JSON line per call: who called which action of which service, with what, and how it ended

Before moto come the record (record.py), the calls of the provider plugins, which are checked by AWS's own service models (bridge.py),
and what moto lacks (gaps.py). policies.py makes moto read the one condition that SST's own bucket policies have.
"""

import sys

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, run_simple

from bridge import KEY, Bridge
from gaps import KeyValueStores
from policies import read_conditions
from record import Recorder


class Quiet(WSGIRequestHandler):
    """The record says what was called; a second log of it would only be long."""

    protocol_version = "HTTP/1.1"

    def log_request(self, *_):
        pass


port, record = int(sys.argv[1]), sys.argv[2]
read_conditions()
recorder = Recorder(record, but=KEY)
emulator = KeyValueStores(DomainDispatcherApplication(create_backend_app))
run_simple("127.0.0.1", port, Bridge(recorder.around(emulator), recorder, port), threaded=True, request_handler=Quiet)
