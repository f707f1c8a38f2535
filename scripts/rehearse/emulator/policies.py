"""Bucket policies with conditions. moto 5.2.5 reads `Bool: {"aws:SecureTransport": "false"}` as if it always held, so SST's own
"deny without TLS" would lock everybody out of the state. Here, as on AWS, every call counts as one over TLS: such a statement
does not apply. All other statements stay with moto."""

import json

from moto.s3 import models as s3

ONLY_WITHOUT_TLS = {"Bool": {"aws:SecureTransport": "false"}}


def read_conditions():
    judge = s3.FakeBucket.get_permission

    def judged(bucket, action, resource):
        if bucket.policy is None:
            return judge(bucket, action, resource)
        whole = bucket.policy
        policy = json.loads(whole)
        statements = policy["Statement"] if isinstance(policy["Statement"], list) else [policy["Statement"]]
        applying = [each for each in statements if each.get("Condition") != ONLY_WITHOUT_TLS]
        bucket.policy = json.dumps({**policy, "Statement": applying}).encode()
        try:
            return judge(bucket, action, resource)
        finally:
            bucket.policy = whole

    s3.FakeBucket.get_permission = judged
