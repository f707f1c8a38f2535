import { expect, test } from "vitest";
import { sourceOf } from "./source.ts";

const NOW = Date.UTC(2026, 10, 29, 12);
const at = (seconds: number) => NOW - seconds * 1000;

// Each event cut to what is read and to what must not be: the shapes are those of AWS's own documentation of each service.
const EVENTS: readonly (readonly [string, unknown, object])[] = [
  [
    "API Gateway, HTTP API and function URL",
    {
      version: "2.0",
      routeKey: "POST /orders/{id}",
      rawPath: "/orders/ada",
      body: '{"a":1}',
      requestContext: { http: { method: "POST", path: "/orders/ada" } },
    },
    { kind: "http", method: "POST", route: "/orders/{id}", bytes: 7 },
  ],
  [
    "API Gateway, REST API",
    { httpMethod: "GET", resource: "/orders/{id}", path: "/orders/ada", body: null, requestContext: {} },
    { kind: "http", method: "GET", route: "/orders/{id}", bytes: null },
  ],
  [
    "SQS",
    {
      Records: [
        {
          eventSource: "aws:sqs",
          eventSourceARN: "arn:aws:sqs:us-east-1:1:orders",
          body: "secret",
          attributes: { ApproximateReceiveCount: "3", SentTimestamp: String(at(4)) },
        },
        {
          eventSource: "aws:sqs",
          eventSourceARN: "arn:aws:sqs:us-east-1:1:orders",
          attributes: { ApproximateReceiveCount: "1", SentTimestamp: String(at(9)) },
        },
      ],
    },
    { kind: "queue", name: "orders", messages: 2, oldestAgeMs: 9_000, maxReceiveCount: 3 },
  ],
  [
    "SNS",
    {
      Records: [
        {
          EventSource: "aws:sns",
          Sns: {
            TopicArn: "arn:aws:sns:us-east-1:1:alarms",
            Message: "secret",
            Timestamp: new Date(at(2)).toISOString(),
          },
        },
      ],
    },
    { kind: "queue", name: "alarms", messages: 1, oldestAgeMs: 2_000, maxReceiveCount: 1 },
  ],
  [
    "S3",
    { Records: [{ eventSource: "aws:s3", s3: { bucket: { name: "uploads" }, object: { key: "ada/secret.pdf" } } }] },
    { kind: "bucket", name: "uploads", objects: 1 },
  ],
  [
    "DynamoDB streams",
    {
      Records: [
        {
          eventSource: "aws:dynamodb",
          eventSourceARN: "arn:aws:dynamodb:us-east-1:1:table/orders/stream/2026-01-01T00:00:00.000",
          dynamodb: { ApproximateCreationDateTime: at(1) / 1000 },
        },
      ],
    },
    { kind: "queue", name: "orders", messages: 1, oldestAgeMs: 1_000, maxReceiveCount: 1 },
  ],
  [
    "a schedule",
    { source: "aws.events", "detail-type": "Scheduled Event", resources: ["arn:aws:events:us-east-1:1:rule/nightly"] },
    { kind: "schedule", name: "nightly" },
  ],
  [
    "EventBridge",
    { source: "shop", "detail-type": "OrderPlaced", detail: { name: "secret" } },
    { kind: "event", name: "shop OrderPlaced" },
  ],
  ["an invocation by hand", { action: "secret" }, { kind: "command", name: "invoke" }],
  ["nothing", null, { kind: "command", name: "invoke" }],
  [
    "records of nothing known",
    { Records: [null, 5] },
    { kind: "queue", name: "", messages: 2, oldestAgeMs: null, maxReceiveCount: 1 },
  ],
];

test.each(EVENTS)("%s", (_name, event, expected) => {
  const source = sourceOf(event, NOW);
  expect(source).toEqual(expected);
  expect(JSON.stringify(source)).not.toMatch(/secret|ada/);
});
