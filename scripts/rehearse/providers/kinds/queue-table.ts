import type { Fields, Json } from "../grpc.ts";
import { setting, type Kinds } from "../kind.ts";
import { list, pascal, scalar, text } from "../values.ts";

const ATTRIBUTES = {
  delaySeconds: "DelaySeconds",
  maxMessageSize: "MaximumMessageSize",
  messageRetentionSeconds: "MessageRetentionPeriod",
  visibilityTimeoutSeconds: "VisibilityTimeout",
  receiveWaitTimeSeconds: "ReceiveMessageWaitTimeSeconds",
  redrivePolicy: "RedrivePolicy",
  sqsManagedSseEnabled: "SqsManagedSseEnabled",
  kmsMasterKeyId: "KmsMasterKeyId",
  policy: "Policy",
  fifoQueue: "FifoQueue",
  contentBasedDeduplication: "ContentBasedDeduplication",
} as const;
/** AWS refuses these two on a standard queue even as `false`, so the provider leaves them out there. */
const FIFO_ONLY: readonly string[] = ["fifoQueue", "contentBasedDeduplication"];

/** SQS takes each attribute as a string. */
const attributes = (inputs: Fields) =>
  Object.fromEntries(
    Object.entries(ATTRIBUTES).flatMap(([name, attribute]) => {
      const value = inputs[name];
      return value === undefined || (value === false && FIFO_ONLY.includes(name)) ? [] : [[attribute, scalar(value)]];
    }),
  );

const table = (inputs: Fields) => ({
  TableName: inputs["name"],
  BillingMode: inputs["billingMode"],
  DeletionProtectionEnabled: inputs["deletionProtectionEnabled"],
  AttributeDefinitions: list(inputs["attributes"]).map(({ name, type }) => ({
    AttributeName: name,
    AttributeType: type,
  })),
});

/** @throws Error for what this project's table has not, and the stand-in does not know */
function refuseIndexes(inputs: Fields): void {
  const unknown = ["globalSecondaryIndexes", "localSecondaryIndexes"].filter((name) => list(inputs[name]).length > 0);
  if (inputs["streamEnabled"] === true) unknown.push("streamEnabled");
  if (unknown.length > 0) throw new Error(`The stand-in knows tables without ${unknown.join(", ")}.`);
}

const keys = (inputs: Fields) => [
  { AttributeName: inputs["hashKey"], KeyType: "HASH" },
  ...(inputs["rangeKey"] === undefined ? [] : [{ AttributeName: inputs["rangeKey"], KeyType: "RANGE" }]),
];

const timeToLive = (value: Json | undefined) => ({ TimeToLiveSpecification: pascal(value) });
const backups = (value: Json | undefined) => ({
  PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: value !== undefined && isEnabled(value) },
});

export const queueAndTable: Kinds = {
  "aws:sqs/queue:Queue": {
    named: "name",
    replacedBy: ["name", "fifoQueue"],
    create: async (inputs, { aws, tags, region, account }) => {
      const name = text(inputs, "name");
      const made = await aws("sqs", "CreateQueue", { QueueName: name, Attributes: attributes(inputs), tags });
      const url = text(made, "QueueUrl");
      return { id: url, outputs: { url, arn: `arn:aws:sqs:${region}:${account}:${name}` } };
    },
    update: async (id, inputs, { aws }) => {
      void inputs["name"];
      await aws("sqs", "SetQueueAttributes", { QueueUrl: id, Attributes: attributes(inputs) });
    },
    remove: (id, _inputs, { aws }) => aws("sqs", "DeleteQueue", { QueueUrl: id }),
  },
  "aws:sqs/queuePolicy:QueuePolicy": setting(
    ["queueUrl"],
    async (inputs, { aws }) => {
      const id = text(inputs, "queueUrl");
      await aws("sqs", "SetQueueAttributes", { QueueUrl: id, Attributes: { Policy: text(inputs, "policy") } });
      return { id };
    },
    (id, _inputs, { aws }) => aws("sqs", "SetQueueAttributes", { QueueUrl: id, Attributes: { Policy: "" } }),
  ),
  "aws:dynamodb/table:Table": {
    named: "name",
    replacedBy: ["name", "hashKey", "rangeKey"],
    create: async (inputs, { aws, tags }) => {
      const name = text(inputs, "name");
      refuseIndexes(inputs);
      const made = await aws("dynamodb", "CreateTable", {
        ...table(inputs),
        KeySchema: keys(inputs),
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      });
      await aws("dynamodb", "UpdateContinuousBackups", { TableName: name, ...backups(inputs["pointInTimeRecovery"]) });
      if (inputs["ttl"] !== undefined)
        await aws("dynamodb", "UpdateTimeToLive", { TableName: name, ...timeToLive(inputs["ttl"]) });
      return { id: name, outputs: { arn: text(made, "TableDescription", "TableArn"), streamArn: "" } };
    },
    update: async (id, inputs, { aws }, before) => {
      void keys(inputs);
      refuseIndexes(inputs);
      // AWS refuses definitions that no key uses, and takes those of the keys only when an index changes.
      const { AttributeDefinitions: _, ...changes } = table(inputs);
      await aws("dynamodb", "UpdateTable", changes);
      if (changed("pointInTimeRecovery", inputs, before))
        await aws("dynamodb", "UpdateContinuousBackups", { TableName: id, ...backups(inputs["pointInTimeRecovery"]) });
      if (changed("ttl", inputs, before))
        await aws("dynamodb", "UpdateTimeToLive", { TableName: id, ...timeToLive(inputs["ttl"]) });
    },
    remove: (id, _inputs, { aws }) => aws("dynamodb", "DeleteTable", { TableName: id }),
  },
};

function isEnabled(value: Json): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value) && value["enabled"] === true;
}

function changed(name: string, a: Fields, b: Fields): boolean {
  return JSON.stringify(a[name]) !== JSON.stringify(b[name]);
}
