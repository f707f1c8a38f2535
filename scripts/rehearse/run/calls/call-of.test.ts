import { describe, expect, test } from "vitest";
import { callOf } from "./call-of.ts";
import type { Account, Incoming } from "./call.ts";

const HOST = "search-events-abc.us-east-1.es.amazonaws.com";
const DOMAIN = "arn:aws:es:us-east-1:123456789012:domain/events";
const ACCOUNT: Account = {
  id: "123456789012",
  region: "us-east-1",
  partitionKey: () => "pk",
  domainAt: (host) => (host === HOST ? DOMAIN : undefined),
};

function json(host: string, operation: string, body: object): Incoming {
  return request("POST", host, "/", { "x-amz-target": operation }, JSON.stringify(body));
}

function request(method: string, host: string, target: string, headers = {}, body = ""): Incoming {
  return { method, host, target, headers: { host, ...headers }, body: Buffer.from(body) };
}

const needs = (incoming: Incoming) =>
  callOf(incoming, ACCOUNT).needs.map(({ action, resource, context }) => [action, resource, context]);

test("a list of alarms is of all of them; a mail is of its sender's identity, on conditions", () => {
  const cloudWatch = json("monitoring.us-east-1.amazonaws.com", "GraniteServiceVersion20100801.DescribeAlarms", {});
  expect(needs(cloudWatch)).toEqual([
    ["cloudwatch:DescribeAlarms", "arn:aws:cloudwatch:us-east-1:123456789012:alarm:*", {}],
  ]);
  const mail = { FromEmailAddress: "Usage <a@b.example>", Destination: { ToAddresses: ["ada@example.com"] } };
  const send = (target: string) =>
    needs(request("POST", "email.us-east-1.amazonaws.com", target, {}, JSON.stringify(mail)));
  expect(send("/v2/email/outbound-emails")).toEqual([
    [
      "ses:SendEmail",
      "arn:aws:ses:us-east-1:123456789012:identity/a@b.example",
      {
        "ses:FromAddress": ["a@b.example"],
        "ses:FromDisplayName": ["Usage"],
        "ses:Recipients": ["ada@example.com"],
        "ses:ApiVersion": ["2"],
      },
    ],
  ]);
  expect(() => send("/v2/email/identities")).toThrow("not known here");
});

describe("SQS", () => {
  const QueueUrl = "https://sqs.us-east-1.amazonaws.com/123456789012/events";
  const call = (operation: string, body: object = { QueueUrl }) =>
    json("sqs.us-east-1.amazonaws.com", `AmazonSQS.${operation}`, body);

  test.each([
    ["SendMessage", "sqs:SendMessage"],
    ["SendMessageBatch", "sqs:SendMessage"],
    ["DeleteMessageBatch", "sqs:DeleteMessage"],
    ["ChangeMessageVisibilityBatch", "sqs:ChangeMessageVisibility"],
    ["GetQueueAttributes", "sqs:GetQueueAttributes"],
  ])("%s needs %s", (operation, action) => {
    expect(needs(call(operation))).toEqual([[action, "arn:aws:sqs:us-east-1:123456789012:events", {}]]);
  });

  test("an operation nobody has judged is an error", () => {
    expect(() => needs(call("PurgeQueue"))).toThrow("PurgeQueue");
    expect(() => needs(call("SendMessage", {}))).toThrow("QueueUrl");
  });
});

describe("DynamoDB, with leading keys", () => {
  const TableName = "registry";
  const TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/registry";
  const call = (operation: string, body: object) =>
    json("dynamodb.us-east-1.amazonaws.com", `DynamoDB_20120810.${operation}`, body);
  const key = (pk: string) => ({ pk: { S: pk }, sk: { S: "x" } });
  const leading = (...keys: string[]) => ({ "dynamodb:LeadingKeys": keys });

  test.each([
    ["GetItem", { TableName, Key: key("keys") }, [["dynamodb:GetItem", TABLE, leading("keys")]]],
    ["PutItem", { TableName, Item: key("claim:a") }, [["dynamodb:PutItem", TABLE, leading("claim:a")]]],
    [
      "Query",
      {
        TableName,
        KeyConditionExpression: "#s BETWEEN :from AND :to AND #p = :p",
        ExpressionAttributeNames: { "#p": "pk", "#s": "sk" },
        ExpressionAttributeValues: { ":p": { S: "accepted:a" }, ":from": { S: "1" }, ":to": { S: "2" } },
      },
      [["dynamodb:Query", TABLE, leading("accepted:a")]],
    ],
    ["Scan", { TableName }, [["dynamodb:Scan", TABLE, {}]]],
    [
      "BatchGetItem",
      { RequestItems: { registry: { Keys: [key("a"), key("b")] } } },
      [["dynamodb:BatchGetItem", TABLE, leading("a", "b")]],
    ],
    [
      "BatchWriteItem",
      { RequestItems: { registry: [{ PutRequest: { Item: key("a") } }, { DeleteRequest: { Key: key("b") } }] } },
      [["dynamodb:BatchWriteItem", TABLE, leading("a", "b")]],
    ],
    [
      "TransactWriteItems",
      { TransactItems: [{ Put: { TableName, Item: key("a") } }, { ConditionCheck: { TableName, Key: key("b") } }] },
      [
        ["dynamodb:PutItem", TABLE, leading("a")],
        ["dynamodb:ConditionCheckItem", TABLE, leading("b")],
      ],
    ],
  ])("%s", (operation, body, expected) => {
    expect(needs(call(operation, body))).toEqual(expected);
  });

  test("a question without a partition is an error, not a question of none", () => {
    expect(() => needs(call("Query", { TableName, KeyConditionExpression: "sk = :s" }))).toThrow("partition");
    expect(() => needs(call("ExecuteStatement", {}))).toThrow("ExecuteStatement");
  });
});

describe("S3", () => {
  const host = "kept.s3.us-east-1.amazonaws.com";
  test("an object by its key, decoded, in a virtual host or in the path", () => {
    const expected = [["s3:PutObject", "arn:aws:s3:::kept/raw/a b", {}]];
    expect(needs(request("PUT", host, "/raw/a%20b"))).toEqual(expected);
    expect(needs(request("PUT", "s3.us-east-1.amazonaws.com", "/kept/raw/a%20b?x-id=PutObject"))).toEqual(expected);
  });

  test("a listing, with the folder it is about", () => {
    expect(needs(request("GET", host, "/?list-type=2&prefix=raw%2F"))).toEqual([
      ["s3:ListBucket", "arn:aws:s3:::kept", { "s3:prefix": ["raw/"] }],
    ]);
  });

  test("what needs more than that is an error", () => {
    expect(() => needs(request("PUT", host, "/a?tagging"))).toThrow("tagging");
    expect(() => needs(request("PUT", host, "/a", { "x-amz-acl": "public-read" }))).toThrow("x-amz-acl");
    expect(() => needs(request("GET", host, "/"))).toThrow("no parameters");
  });
});

test("OpenSearch: the method is the action, the path is in the resource, the question is not", () => {
  expect(needs(request("POST", HOST, "/_bulk?require_alias=true"))).toEqual([["es:ESHttpPost", `${DOMAIN}/_bulk`, {}]]);
  expect(needs(request("DELETE", HOST, "/a%2Cb"))).toEqual([["es:ESHttpDelete", `${DOMAIN}/a%2Cb`, {}]]);
});

test("CloudWatch Logs: a stream of a group", () => {
  const call = json("logs.us-east-1.amazonaws.com", "Logs_20140328.PutLogEvents", {
    logGroupName: "/millrace/x",
    logStreamName: "s",
  });
  expect(needs(call)).toEqual([
    ["logs:PutLogEvents", "arn:aws:logs:us-east-1:123456789012:log-group:/millrace/x:log-stream:s", {}],
  ]);
});

test("Lambda: a function by name or by ARN", () => {
  const arn = "arn:aws:lambda:us-east-1:123456789012:function:f";
  for (const name of ["f", encodeURIComponent(arn)])
    expect(
      needs(request("POST", "lambda.us-east-1.amazonaws.com", `/2015-03-31/functions/${name}/invocations`)),
    ).toEqual([["lambda:InvokeFunction", arn, {}]]);
});

test("SNS: a topic", () => {
  const TopicArn = "arn:aws:sns:us-east-1:123456789012:alarms";
  const body = new URLSearchParams({ Action: "Publish", TopicArn, Message: "x" }).toString();
  expect(needs(request("POST", "sns.us-east-1.amazonaws.com", "/", {}, body))).toEqual([["sns:Publish", TopicArn, {}]]);
});

test.each([
  "ec2.us-east-1.amazonaws.com",
  "sqs.eu-west-1.amazonaws.com",
  "example.com",
  "sqs.us-east-1.amazonaws.com.evil",
])("%s is not known, so nothing passes", (host) => {
  expect(() => needs(request("POST", host, "/"))).toThrow(host);
});
