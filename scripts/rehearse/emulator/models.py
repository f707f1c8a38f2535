"""AWS's own description of its services, as botocore brings it: which input is allowed, and which call a request is."""

import functools
import re
from urllib.parse import parse_qsl, unquote

import botocore.session

SESSION = botocore.session.get_session()

# Several services sign as one; the newer first.
SIGNED_AS = {
    "apigateway": ["apigatewayv2", "apigateway"],
    "es": ["opensearch", "es"],
    "email": ["sesv2", "ses"],
    "monitoring": ["cloudwatch"],
    "application-autoscaling": ["application-autoscaling"],
}

# Values that AWS takes and that this release of the models does not list yet, by operation and member. Seen in AWS's price list.
NEWER_THAN_THE_MODELS = {
    "InstanceType": re.compile(r"(m7g|r7g|or2)\.\w+\.search"),
}


# Java's classes of characters, near enough for names and texts of this project.
JAVA = {
    r"\p{L}": r"\w",
    r"\p{M}": r"\u0300-\u036f",
    r"\p{N}": r"\d",
    r"\p{Zs}": r" ",
    r"\p{Z}": r"\s",
    r"\p{S}": r"\W",
    r"\p{P}": r"\W",
    r"\p{Print}": r"\x20-\x7e",
    r"\p{Graph}": r"\x21-\x7e",
}


@functools.cache
def service(name):
    return SESSION.get_service_model(name)


@functools.cache
def pattern(text):
    """Java's expression in Python's spelling."""
    for java, python in JAVA.items():
        text = text.replace(java, python)
    # Java's flag holds from where it stands; Python wants it in front, which lets a little more pass.
    return re.compile(text.replace("(?i)", ""), re.S | (re.I if "(?i)" in text else 0))


def problems(shape, value, path):
    """What the model says against an input, in words: unknown and missing members, kinds, enums, patterns, lengths, ranges."""
    kind, limits = shape.type_name, shape.metadata
    if kind == "structure":
        if not isinstance(value, dict):
            return [f"{path}: not a structure"]
        found = [f"{path}.{name}: missing" for name in shape.required_members if name not in value]
        for name, inner in value.items():
            known = shape.members.get(name)
            found += problems(known, inner, f"{path}.{name}") if known else [f"{path}.{name}: AWS knows no such member"]
        return found
    if kind == "list":
        if not isinstance(value, list):
            return [f"{path}: not a list"]
        found = bounds(len(value), limits, f"{path}: {len(value)} entries")
        return found + [text for at, inner in enumerate(value) for text in problems(shape.member, inner, f"{path}[{at}]")]
    if kind == "map":
        if not isinstance(value, dict):
            return [f"{path}: not a map"]
        return [
            text
            for key, inner in value.items()
            for text in problems(shape.key, key, f"{path} key") + problems(shape.value, inner, f"{path}.{key}")
        ]
    if kind == "string":
        if not isinstance(value, str):
            return [f"{path}: {value!r} is not a string"]
        newer = NEWER_THAN_THE_MODELS.get(path.rsplit(".", 1)[-1])
        if limits.get("enum") and value not in limits["enum"] and not (newer and newer.fullmatch(value)):
            return [f"{path}: {value!r} is not one of {', '.join(limits['enum'][:20])}"]
        found = bounds(len(value), limits, f"{path}: {len(value)} characters")
        if "pattern" in limits and not pattern(limits["pattern"]).fullmatch(value):
            found.append(f"{path}: {value[:100]!r} does not match {limits['pattern'][:120]}")
        return found
    if kind in ("integer", "long", "float", "double"):
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return [f"{path}: {value!r} is not a number"]
        return bounds(value, limits, f"{path}: {value}")
    if kind == "boolean":
        return [] if isinstance(value, bool) else [f"{path}: {value!r} is not a boolean"]
    return []


def bounds(number, limits, what):
    low, high = limits.get("min"), limits.get("max")
    if low is not None and number < low:
        return [f"{what}, fewer than {low}"]
    if high is not None and number > high:
        return [f"{what}, more than {high}"]
    return []


def operation_of(signed_as, method, path, query, headers, form):
    """(action, what its address says) of a request; the action is "?" when no model knows it."""
    target = headers.get("HTTP_X_AMZ_TARGET", "")
    if "." in target:
        return target.rsplit(".", 1)[1], {}
    if "Action" in form:
        return form["Action"], {}
    copies = "HTTP_X_AMZ_COPY_SOURCE" in headers
    for name in SIGNED_AS.get(signed_as, [signed_as]):
        for route in routes(name):
            # S3 tells a copy from an upload by a header alone.
            if ("Copy" in route.action) != copies:
                continue
            labels = route.match(method, path, query)
            if labels is not None:
                return route.action, labels
    return "?", {}


class Route:
    def __init__(self, action, http, input_shape):
        path, _, query = http["requestUri"].partition("?")
        # A trailing slash is optional in several models.
        parts = re.split(r"(\{[^}]+\})", path.rstrip("/"))
        names = []
        expression = ""
        for part in parts:
            if part.startswith("{"):
                names.append(part.strip("{+}"))
                expression += "(.+)" if part.endswith("+}") else "([^/]+)"
            else:
                expression += re.escape(part)
        self.action, self.method, self.names = action, http["method"], names
        self.path = re.compile(expression + "/?")
        self.query = set(parse_qsl(query, keep_blank_values=True))
        members = input_shape.members if input_shape else {}
        asked = [members[name] for name in (input_shape.required_members if input_shape else [])]
        self.needed = {each.serialization["name"] for each in asked if each.serialization.get("location") == "querystring"}
        # The most particular first: what must be in the query, then fixed text, then few names.
        self.rank = (-len(self.query) - len(self.needed), -len(re.sub(r"\{[^}]+\}", "", path)), len(names))

    def match(self, method, path, query):
        found = self.path.fullmatch(path)
        if method != self.method or not found or not self.query <= query or not self.needed <= {name for name, _ in query}:
            return None
        return dict(zip(self.names, map(unquote, found.groups())))


@functools.cache
def routes(name):
    try:
        model = service(name)
    except Exception:  # a service that signs under a name of its own and was not asked before: the record shows "?"
        return []
    operations = [model.operation_model(each) for each in model.operation_names]
    return sorted((Route(each.name, each.http, each.input_shape) for each in operations if each.http), key=lambda route: route.rank)
