"""Prints what a stage is made of, as the emulator has it, and unpacks the zips that Lambda was given: JSON on stdout.

Called with the stage's prefix (`millrace-production-`) and a folder for the zips, under the environment that names the emulator
(AWS_ENDPOINT_URL). moto does not keep which log group a function has and which functions a distribution calls: the group is the
one with the function's name at its end, and CloudFront's functions are told apart by their names.
"""

import io
import json
import os
import sys
import urllib.parse
import urllib.request
import zipfile

import boto3
from botocore.exceptions import ClientError

prefix, folder = sys.argv[1:3]
clients = {}


def client(name):
    return clients.setdefault(name, boto3.client(name))


def every(name, operation, key, **arguments):
    """All items of a listing, over its pages."""
    there = client(name)
    if there.can_paginate(operation):
        return [item for page in there.get_paginator(operation).paginate(**arguments) for item in page.get(key) or []]
    return getattr(there, operation)(**arguments)[key]


def none_if_missing(ask):
    """None where AWS answers that there is no such thing; every other error ends the program."""
    try:
        return ask()
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in ("ResourceNotFoundException", "NoSuchBucketPolicy", "NoSuchKey", "ResourceNotFound"):
            return None
        raise


def function(one):
    name = one["FunctionName"]
    groups = log_groups(name)
    policy = none_if_missing(lambda: client("lambda").get_policy(FunctionName=name)["Policy"])
    role = one["Role"].split("/")[-1]
    return {
        "name": name,
        "arn": one["FunctionArn"],
        "handler": one["Handler"],
        "timeout": one["Timeout"],
        "memory": one["MemorySize"],
        "environment": one.get("Environment", {}).get("Variables", {}),
        "logGroups": groups,
        "subscriptions": [subscription(each) for group in groups for each in subscriptions(group)],
        "async": asynchronous(name),
        "role": one["Role"],
        "rolePolicies": role_policies(role),
        "trust": client("iam").get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"],
        "policy": policy and json.loads(policy),
        "folder": unpacked(name),
    }


def log_groups(name):
    end = "/" + name.removeprefix(prefix)
    return [each["logGroupName"] for each in every("logs", "describe_log_groups", "logGroups") if each["logGroupName"].endswith(end)]


def subscriptions(group):
    return every("logs", "describe_subscription_filters", "subscriptionFilters", logGroupName=group)


def subscription(one):
    return {"group": one["logGroupName"], "pattern": one["filterPattern"], "destination": one["destinationArn"]}


def asynchronous(name):
    """How Lambda tries an asynchronous call, and where it leaves one that failed; by default twice again, and nowhere."""
    config = none_if_missing(lambda: client("lambda").get_function_event_invoke_config(FunctionName=name)) or {}
    failed = config.get("DestinationConfig", {}).get("OnFailure", {})
    return {"retries": config.get("MaximumRetryAttempts", 2), "onFailure": failed.get("Destination")}


def unpacked(name):
    """Where the zip lies open that the function's code is: the asset's key is at the end of the location Lambda names."""
    location = client("lambda").get_function(FunctionName=name)["Code"]["Location"]
    key = location.split(".amazonaws.com/")[-1]
    for each in every("s3", "list_buckets", "Buckets"):
        body = none_if_missing(lambda: client("s3").get_object(Bucket=each["Name"], Key=key)["Body"].read())
        if body is not None:
            there = os.path.join(folder, name)
            zipfile.ZipFile(io.BytesIO(body)).extractall(there)
            return there
    raise LookupError(f"{name}: no bucket has its code, {key}.")


def role_policies(role):
    iam = client("iam")
    inline = {
        name: iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        for name in every("iam", "list_role_policies", "PolicyNames", RoleName=role)
    }
    for attached in every("iam", "list_attached_role_policies", "AttachedPolicies", RoleName=role):
        arn = attached["PolicyArn"]
        version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        inline[attached["PolicyName"]] = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
    return inline


def api(one):
    key = one["ApiId"]
    integrations = {
        each["IntegrationId"]: each["IntegrationUri"]
        for each in every("apigatewayv2", "get_integrations", "Items", ApiId=key)
    }
    return {
        "id": key,
        "endpoint": one["ApiEndpoint"],
        "cors": one.get("CorsConfiguration"),
        "routes": [
            {"key": each["RouteKey"], "integration": integrations[each["Target"].split("/")[-1]]}
            for each in every("apigatewayv2", "get_routes", "Items", ApiId=key)
        ],
    }


def queue(url):
    attributes = client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    return {"url": url, "arn": attributes["QueueArn"], "attributes": attributes}


def topic(one):
    arn = one["TopicArn"]
    return {
        "arn": arn,
        "policy": json.loads(client("sns").get_topic_attributes(TopicArn=arn)["Attributes"]["Policy"]),
        "subscriptions": every("sns", "list_subscriptions_by_topic", "Subscriptions", TopicArn=arn),
    }


def schedule(one):
    full = client("scheduler").get_schedule(Name=one["Name"], GroupName=one["GroupName"])
    role = full["Target"]["RoleArn"].split("/")[-1]
    return {
        "name": one["Name"],
        "expression": full["ScheduleExpression"],
        "target": full["Target"]["Arn"],
        "input": full["Target"].get("Input"),
        "role": full["Target"]["RoleArn"],
        "rolePolicies": role_policies(role),
        "trust": client("iam").get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"],
    }


def bucket(name):
    policy = none_if_missing(lambda: client("s3").get_bucket_policy(Bucket=name)["Policy"])
    return {"name": name, "policy": policy and json.loads(policy)}


def domain(name):
    status = client("opensearch").describe_domain(DomainName=name)["DomainStatus"]
    policy = status.get("AccessPolicies")
    return {"arn": status["ARN"], "endpoint": status["Endpoint"], "policy": json.loads(policy) if policy else None}


def edge_function(one):
    name = one["Name"]
    stores = one["FunctionConfig"].get("KeyValueStoreAssociations", {}).get("Items", [])
    return {
        "name": name,
        "code": client("cloudfront").get_function(Name=name)["FunctionCode"].read().decode(),
        "values": {key: value for each in stores for key, value in key_values(each["KeyValueStoreARN"]).items()},
    }


def key_values(arn):
    """Asked without boto3, which would want a library for SigV4a here."""
    endpoint = os.environ["AWS_ENDPOINT_URL_CLOUDFRONT_KEYVALUESTORE"]
    with urllib.request.urlopen(f"{endpoint}/key-value-stores/{urllib.parse.quote(arn, safe='')}/keys") as answer:
        return {item["Key"]: item["Value"] for item in json.load(answer)["Items"]}


def mine(names):
    return [name for name in names if prefix in name]


print(
    json.dumps(
        {
            "account": client("sts").get_caller_identity()["Account"],
            "region": client("sts").meta.region_name,
            "functions": [
                function(one)
                for one in every("lambda", "list_functions", "Functions")
                if one["FunctionName"].startswith(prefix)
            ],
            "mappings": every("lambda", "list_event_source_mappings", "EventSourceMappings"),
            "apis": [api(one) for one in every("apigatewayv2", "get_apis", "Items")],
            "queues": [queue(url) for url in mine(every("sqs", "list_queues", "QueueUrls"))],
            "topics": [topic(one) for one in every("sns", "list_topics", "Topics")],
            "schedules": [schedule(one) for one in every("scheduler", "list_schedules", "Schedules")],
            "tables": [
                client("dynamodb").describe_table(TableName=name)["Table"]
                for name in mine(every("dynamodb", "list_tables", "TableNames"))
            ],
            "buckets": [bucket(each["Name"]) for each in every("s3", "list_buckets", "Buckets")],
            "domains": [
                domain(each["DomainName"])
                for each in client("opensearch").list_domain_names()["DomainNames"]
            ],
            "edge": [
                edge_function(one)
                for one in client("cloudfront").list_functions()["FunctionList"].get("Items", [])
                if one["Name"].startswith(prefix)
            ],
        },
        default=str,
    )
)
