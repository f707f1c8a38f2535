"""What moto 5.2.5 has not, and this project needs: CloudFront's cache policies and what is inside its key-value stores, and how some
things are changed that it can only make; and what it does that `run` does."""

import json
import threading
import uuid
from urllib.parse import unquote

from moto.apigatewayv2.models import apigatewayv2_backends
from moto.budgets.models import budgets_backends
from moto.cloudfront.models import cloudfront_backends
from moto.sqs.models import Queue

ACCOUNT, REGION = "123456789012", "us-east-1"

CACHE_POLICIES = {}

# moto would receive each message itself, all that wait for each one that comes, to run the function in a container. The mapping is
# there to be read; who hands messages over, and so counts their deliveries, is `run`.
Queue.lambda_event_source_mappings = property(lambda _: {}, lambda _, __: None)


def create_cache_policy(CachePolicyConfig):
    if any(each["Name"] == CachePolicyConfig["Name"] for each in CACHE_POLICIES.values()):
        raise ValueError("CachePolicyAlreadyExists")
    made = str(uuid.uuid4())
    CACHE_POLICIES[made] = CachePolicyConfig
    return {"CachePolicy": {"Id": made, "CachePolicyConfig": CachePolicyConfig}, "ETag": "E1"}


def update_cache_policy(Id, CachePolicyConfig, IfMatch=None):
    if Id not in CACHE_POLICIES:
        raise ValueError("NoSuchCachePolicy")
    CACHE_POLICIES[Id] = CachePolicyConfig
    return {"CachePolicy": {"Id": Id, "CachePolicyConfig": CachePolicyConfig}, "ETag": "E1"}


def delete_cache_policy(Id, IfMatch=None):
    del CACHE_POLICIES[Id]
    return {}


def list_cache_policies(**_):
    items = [{"CachePolicy": {"Id": each, "CachePolicyConfig": config}} for each, config in CACHE_POLICIES.items()]
    return {"CachePolicyList": {"Quantity": len(items), "Items": items}}


def publish_function(Name, IfMatch):
    return {"FunctionSummary": {"Name": Name, "Status": "DEPLOYED"}}


def update_function(Name, FunctionConfig, FunctionCode, IfMatch):
    function = cloudfront_backends[ACCOUNT]["aws"].describe_function(Name)
    function.config, function.code = FunctionConfig, FunctionCode
    return {"ETag": IfMatch, "FunctionSummary": {"Name": Name}}


def update_stage(ApiId, StageName, **changes):
    stage = apigatewayv2_backends[ACCOUNT][REGION].get_stage(ApiId, StageName)
    camel = {name[0].lower() + name[1:]: value for name, value in changes.items()}
    stage.config.update(camel)
    stage.default_route_settings = camel.get("defaultRouteSettings", stage.default_route_settings)
    stage.access_log_settings = camel.get("accessLogSettings", stage.access_log_settings)
    return {"StageName": StageName}


def update_budget(AccountId, NewBudget):
    budgets_backends[ACCOUNT]["aws"].budgets[AccountId][NewBudget["BudgetName"]].budget.update(NewBudget)
    return {}


def upgrade_domain(DomainName, TargetVersion):
    return {"DomainName": DomainName, "TargetVersion": TargetVersion}


OPERATIONS = {
    ("cloudfront", "UpdateFunction"): update_function,
    ("apigatewayv2", "UpdateStage"): update_stage,
    ("budgets", "UpdateBudget"): update_budget,
    ("opensearch", "UpgradeDomain"): upgrade_domain,
    ("cloudfront", "PublishFunction"): publish_function,
    ("cloudfront", "CreateCachePolicy"): create_cache_policy,
    ("cloudfront", "UpdateCachePolicy"): update_cache_policy,
    ("cloudfront", "DeleteCachePolicy"): delete_cache_policy,
    ("cloudfront", "ListCachePolicies"): list_cache_policies,
}


class KeyValueStores:
    """The data of CloudFront's key-value stores, by which SST's router finds its routes. Every write must name the last version."""

    def __init__(self, app):
        self.app, self.stores, self.lock = app, {}, threading.Lock()

    def __call__(self, environ, start_response):
        path = environ.get("RAW_URI", environ["PATH_INFO"]).partition("?")[0].split("/")[1:]
        if path[0] != "key-value-stores":
            return self.app(environ, start_response)
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = json.loads(environ["wsgi.input"].read(length)) if length else {}
        with self.lock:
            status, answer, version = self.answer(
                environ["REQUEST_METHOD"], [unquote(part) for part in path[1:]], body, environ.get("HTTP_IF_MATCH")
            )
        text = json.dumps(answer).encode()
        headers = [("content-type", "application/json"), ("content-length", str(len(text))), ("ETag", version)]
        if status != "200 OK":
            headers.append(("x-amzn-ErrorType", answer["Code"]))
        start_response(status, headers)
        return [text]

    def answer(self, method, path, body, expected):
        arn, *rest = path
        store = self.stores.setdefault(arn, {"version": 1, "values": {}})
        values, version = store["values"], f"V{store['version']}"
        if method == "GET" and not rest:
            return "200 OK", {"KvsARN": arn, "ItemCount": len(values), "TotalSizeInBytes": 0, "Created": 0, "Status": "READY"}, version
        if method == "GET" and rest == ["keys"]:
            return "200 OK", {"Items": [{"Key": key, "Value": value} for key, value in values.items()]}, version
        if method == "GET":
            if rest[1] not in values:
                return "404 Not Found", {"Code": "ResourceNotFoundException", "Message": "no such key"}, version
            return "200 OK", {"Key": rest[1], "Value": values[rest[1]], "ItemCount": len(values), "TotalSizeInBytes": 0}, version
        if expected != version:
            return "400 Bad Request", {"Code": "ValidationException", "Message": "Pre-Condition failed"}, version
        for put in [{"Key": rest[1], "Value": body["Value"]}] if method == "PUT" else body.get("Puts") or []:
            values[put["Key"]] = put["Value"]
        for gone in [{"Key": rest[1]}] if method == "DELETE" else body.get("Deletes") or []:
            values.pop(gone["Key"], None)
        store["version"] += 1
        return "200 OK", {"ItemCount": len(values), "TotalSizeInBytes": 0}, f"V{store['version']}"
