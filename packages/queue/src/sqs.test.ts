import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { createSqsQueue } from "./sqs.ts";

const URL_OF_QUEUE = "https://sqs.example/queue";
const DEAD = "https://sqs.example/dead";

interface Sent {
  readonly kind: string;
  readonly input: Record<string, unknown>;
}

const KINDS = {
  send: SendMessageCommand,
  receive: ReceiveMessageCommand,
  delete: DeleteMessageBatchCommand,
  visibility: ChangeMessageVisibilityBatchCommand,
  attributes: GetQueueAttributesCommand,
};

/** A queue whose requests are noted down, and answered by `answer`; what SQS itself does with them the live suite tells. */
function setUp(answer: (sent: Sent, index: number) => unknown = () => ({}), deadLetterUrl: string | undefined = DEAD) {
  const sent: Sent[] = [];
  const signals: unknown[] = [];
  const client = {
    async send(command: { readonly input: Record<string, unknown> }, options: { abortSignal?: unknown }) {
      const kind = Object.entries(KINDS).find(([, each]) => command instanceof each)?.[0] ?? "another";
      signals.push(options.abortSignal);
      return answer({ kind, input: command.input }, sent.push({ kind, input: command.input }) - 1);
    },
  } as unknown as SQSClient;
  const queue = createSqsQueue({ client, url: URL_OF_QUEUE, ...(deadLetterUrl !== undefined && { deadLetterUrl }) });
  return { queue, sent, signals };
}

const messages = (count: number, from = 0) => ({
  Messages: Array.from({ length: count }, (_, index) => ({ MessageId: `m${from + index}`, Body: "b" })),
});
const receipts = (count: number) => Array.from({ length: count }, (_, index) => `r${index}`);

test("a message is sent with its project as its group, so that a backlog of one does not hold up the others", async () => {
  const { queue, sent, signals } = setUp();
  await queue.send({ body: "text", group: "p1", accepted: { receivedAt: 0, events: 1 } });
  await queue.send({ body: "text", group: "", accepted: { receivedAt: 0, events: 1 } });
  expect(sent).toEqual([
    { kind: "send", input: { QueueUrl: URL_OF_QUEUE, MessageBody: "text", MessageGroupId: "p1" } },
    { kind: "send", input: { QueueUrl: URL_OF_QUEUE, MessageBody: "text", MessageGroupId: undefined } },
  ]);
  expect(signals[0]).toBeInstanceOf(AbortSignal);
});

test.each([
  [1_000, 0, 1, 0],
  [1_001, 1, 2, 1],
  [24 * 3_600_000, 60_000, 43_200, 20],
])(
  "visible again after %d ms, waiting %d: whole seconds, as many as SQS takes",
  async (visibilityMs, waitMs, hidden, wait) => {
    const { queue, sent } = setUp();
    expect(await queue.receive({ max: 3, visibilityMs, waitMs })).toEqual([]);
    expect(sent).toEqual([
      {
        kind: "receive",
        input: {
          QueueUrl: URL_OF_QUEUE,
          MaxNumberOfMessages: 3,
          VisibilityTimeout: hidden,
          WaitTimeSeconds: wait,
          MessageSystemAttributeNames: ["ApproximateReceiveCount", "SentTimestamp", "MessageGroupId"],
        },
      },
    ]);
  },
);

test("more than ten are asked for ten by ten, for as long as there are ten, and only the first request waits", async () => {
  const { queue, sent } = setUp((_, index) => messages([10, 10, 4][index] ?? 0, index * 10));
  const received = await queue.receive({ max: 25, visibilityMs: 1_000, waitMs: 5_000 });
  expect(received.map(({ id }) => id)).toEqual(Array.from({ length: 24 }, (_, index) => `m${index}`));
  const asked = sent.map(({ input }) => [input["MaxNumberOfMessages"], input["WaitTimeSeconds"]]);
  expect(asked).toEqual([
    [10, 5],
    [10, 0],
    [5, 0],
  ]);
});

test("where fewer came than were asked for, or as many as were wanted, nothing more is asked", async () => {
  const few = setUp(() => messages(9));
  expect(await few.queue.receive({ max: 25, visibilityMs: 1_000 })).toHaveLength(9);
  expect(few.sent).toHaveLength(1);
  const enough = setUp(() => messages(10));
  expect(await enough.queue.receive({ max: 20, visibilityMs: 1_000 })).toHaveLength(20);
  expect(enough.sent).toHaveLength(2);
});

test("what was received is given out even when the next request fails; when the first does, that is said", async () => {
  const { queue } = setUp((_, index) => {
    if (index > 0) throw new Error("on purpose");
    return messages(10);
  });
  expect(await queue.receive({ max: 30, visibilityMs: 1_000 })).toHaveLength(10);
  await expect(queue.receive({ max: 30, visibilityMs: 1_000 })).rejects.toMatchObject({
    code: "ServiceUnavailable",
    message: "The queue cannot take or give messages now.",
    context: { call: "sqs.receive", reason: "Error: on purpose" },
  });
});

test("a received message has what SQS says of it, and something sensible where it says nothing", async () => {
  const Attributes = { MessageGroupId: "p1", ApproximateReceiveCount: "3", SentTimestamp: "1700000000000" };
  const { queue } = setUp(() => ({
    Messages: [{ MessageId: "m", ReceiptHandle: "r", Body: "text", Attributes }, {}],
  }));
  expect(await queue.receive({ max: 2, visibilityMs: 1_000 })).toEqual([
    { id: "m", receipt: "r", body: "text", group: "p1", receiveCount: 3, sentAt: 1_700_000_000_000 },
    { id: "", receipt: "", body: "", group: "", receiveCount: 1, sentAt: 0 },
  ]);
});

test("receipts go ten by ten, each with a number of its own in its batch", async () => {
  const { queue, sent, signals } = setUp();
  await queue.ack(receipts(12));
  await queue.nack(["a"], 0);
  await queue.extend(["b"], 90_001);
  const batch = (from: number, to: number) =>
    receipts(12)
      .slice(from, to)
      .map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle }));
  expect(sent).toEqual([
    { kind: "delete", input: { QueueUrl: URL_OF_QUEUE, Entries: batch(0, 10) } },
    { kind: "delete", input: { QueueUrl: URL_OF_QUEUE, Entries: batch(10, 12) } },
    {
      kind: "visibility",
      input: { QueueUrl: URL_OF_QUEUE, Entries: [{ Id: "0", ReceiptHandle: "a", VisibilityTimeout: 0 }] },
    },
    {
      kind: "visibility",
      input: { QueueUrl: URL_OF_QUEUE, Entries: [{ Id: "0", ReceiptHandle: "b", VisibilityTimeout: 91 }] },
    },
  ]);
  expect(signals.every((signal) => signal instanceof AbortSignal)).toBe(true);
  await queue.ack([]);
  expect(sent).toHaveLength(4);
});

test.each(["ReceiptHandleIsInvalid", "InvalidParameterValue", "AWS.SimpleQueueService.MessageNotInflight"])(
  "a receipt that is stale, which SQS calls %s, is no failure",
  async (Code) => {
    const { queue } = setUp(() => ({ Failed: [{ Id: "0", Code }] }));
    expect(await queue.ack(["r"])).toBeUndefined();
  },
);

test("what SQS did not do of a batch is a failure, with how many and each reason once", async () => {
  const { queue } = setUp((_, index) => ({
    Failed: [
      { Id: "0", Code: index === 0 ? "InternalError" : "Throttled" },
      { Id: "1", Code: "InternalError" },
      { Id: "2", Code: "ReceiptHandleIsInvalid" },
    ],
  }));
  await expect(queue.ack(receipts(13))).rejects.toMatchObject({
    code: "ServiceUnavailable",
    context: { call: "sqs.delete", reason: "Error: 4 of 13 entries failed: InternalError, Throttled" },
  });
  await expect(setUp(() => ({ Failed: [{ Id: "0" }] })).queue.nack(["r"], 0)).rejects.toMatchObject({
    context: { call: "sqs.change_visibility" },
  });
  // A code that only begins like one of those is another.
  const longer = setUp(() => ({ Failed: [{ Id: "0", Code: "InvalidParameterValueOfAnother" }] }));
  await expect(longer.queue.ack(["r"])).rejects.toMatchObject({ code: "ServiceUnavailable" });
});

test("a message is buried by sending it to the dead letters and then acknowledging it, each before the next", async () => {
  const { queue, sent } = setUp();
  await queue.bury([
    { body: "a", group: "p1", receipt: "ra" },
    { body: "b", group: "p2", receipt: "rb" },
  ] as unknown as Parameters<typeof queue.bury>[0]);
  expect(sent.map(({ kind, input }) => [kind, input["QueueUrl"], input["MessageBody"] ?? input["Entries"]])).toEqual([
    ["send", DEAD, "a"],
    ["delete", URL_OF_QUEUE, [{ Id: "0", ReceiptHandle: "ra" }]],
    ["send", DEAD, "b"],
    ["delete", URL_OF_QUEUE, [{ Id: "0", ReceiptHandle: "rb" }]],
  ]);
});

test("without the dead letters nothing is buried, and none are counted", async () => {
  const counts = { Attributes: { ApproximateNumberOfMessages: "4", ApproximateNumberOfMessagesNotVisible: "2" } };
  const without = createSqsQueue({
    client: { send: async () => counts } as unknown as SQSClient,
    url: URL_OF_QUEUE,
  });
  await expect(without.bury([])).rejects.toMatchObject({
    code: "ServiceUnavailable",
    message: "This queue was opened without its dead-letter queue.",
  });
  expect(await without.stats()).toEqual({ visible: 4, inFlight: 2, dead: 0, oldestAgeMs: null });
  await without.close();
});

test("stats count what is dead whether somebody holds it or not, and what SQS does not say as none", async () => {
  const { queue, sent } = setUp(({ input }) => ({
    Attributes:
      input["QueueUrl"] === DEAD
        ? { ApproximateNumberOfMessages: "3", ApproximateNumberOfMessagesNotVisible: "5" }
        : { ApproximateNumberOfMessages: "7", ApproximateNumberOfMessagesNotVisible: "1" },
  }));
  expect(await queue.stats()).toEqual({ visible: 7, inFlight: 1, dead: 8, oldestAgeMs: null });
  expect(sent).toEqual(
    [URL_OF_QUEUE, DEAD].map((QueueUrl) => ({
      kind: "attributes",
      input: {
        QueueUrl,
        AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
      },
    })),
  );
  expect(await setUp().queue.stats()).toEqual({ visible: 0, inFlight: 0, dead: 0, oldestAgeMs: null });
});

test("what is thrown that is no error is told as it reads", async () => {
  const { queue } = setUp(() => {
    // oxlint-disable-next-line no-throw-literal
    throw "gone";
  });
  await expect(queue.stats()).rejects.toMatchObject({ context: { call: "sqs.attributes", reason: "gone" } });
});
