import { randomUUID } from "node:crypto";
import { CreateQueueCommand, DeleteQueueCommand, GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { describeQueueContract } from "@millrace/core/contract";
import { afterAll, expect, test } from "vitest";
import { createSqsQueue } from "./sqs.ts";

const endpoint = process.env["SQS_ENDPOINT_URL"];
if (!endpoint) throw new Error("SQS_ENDPOINT_URL is not set: this suite needs an SQS server (npm test starts one).");

const client = new SQSClient({
  endpoint,
  region: "us-east-1",
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
});
const created: string[] = [];
afterAll(async () => {
  await Promise.all(created.map((QueueUrl) => client.send(new DeleteQueueCommand({ QueueUrl }))));
  client.destroy();
});

async function createQueue(attributes: Record<string, string> = {}): Promise<string> {
  const name = `millrace-${randomUUID()}`;
  const { QueueUrl = "" } = await client.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
  created.push(QueueUrl);
  return QueueUrl;
}

describeQueueContract({
  name: "SQS",
  takesTurns: false,
  // Of ElasticMQ, which still has the limit that SQS had until August 2025.
  largestBody: 262_144 - 8_192,
  async create({ maxReceiveCount }) {
    const deadLetterUrl = await createQueue();
    const attributes = await client.send(
      new GetQueueAttributesCommand({ QueueUrl: deadLetterUrl, AttributeNames: ["QueueArn"] }),
    );
    const deadLetterTargetArn = attributes.Attributes?.QueueArn;
    const url = await createQueue({ RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount }) });
    return { queue: createSqsQueue({ client, url, deadLetterUrl }), elapse: () => {} };
  },
});

test("a queue that does not exist is unavailable, never a silent success", async () => {
  const queue = createSqsQueue({ client, url: `${endpoint}/000000000000/nowhere` });
  const sent = queue.send({ body: "x", group: "p1", accepted: { receivedAt: 0, events: 1 } });
  await expect(sent).rejects.toMatchObject({ code: "ServiceUnavailable" });
  await expect(queue.receive({ max: 1, visibilityMs: 1_000 })).rejects.toMatchObject({ code: "ServiceUnavailable" });
  await expect(queue.ack(["x"])).rejects.toMatchObject({ code: "ServiceUnavailable" });
});

test("text that SQS refuses is an error of the send, not a lost message", async () => {
  const queue = createSqsQueue({ client, url: await createQueue() });
  const sent = queue.send({ body: "\uFFFE", group: "p1", accepted: { receivedAt: 0, events: 1 } });
  await expect(sent).rejects.toMatchObject({ code: "ServiceUnavailable" });
});

test("a message that cannot be buried does not bring back those that were: no dead letter twice", async () => {
  const [url, deadLetterUrl] = [await createQueue(), await createQueue()];
  const queue = createSqsQueue({ client, url, deadLetterUrl });
  for (const body of ["a", "b", "c"]) await queue.send({ body, group: "p1", accepted: { receivedAt: 0, events: 1 } });
  const messages = await queue.receive({ max: 3, visibilityMs: 60_000, waitMs: 5_000 });
  expect(messages).toHaveLength(3);
  const [first, second, third] = messages.toSorted((x, y) => (x.body < y.body ? -1 : 1));
  if (!first || !second || !third) throw new Error("A message is missing.");
  // One whose text SQS refuses, then all of them again, as they are delivered again.
  await expect(queue.bury([first, { ...second, body: "\uFFFE" }, third])).rejects.toMatchObject({
    code: "ServiceUnavailable",
  });
  await queue.nack(
    messages.map(({ receipt }) => receipt),
    0,
  );
  const back = await queue.receive({ max: 3, visibilityMs: 60_000, waitMs: 5_000 });
  await queue.bury(back);
  const dead = createSqsQueue({ client, url: deadLetterUrl });
  const letters = await dead.receive({ max: 10, visibilityMs: 60_000, waitMs: 5_000 });
  expect(letters.map(({ body }) => body).sort()).toEqual(["a", "b", "c"]);
});
