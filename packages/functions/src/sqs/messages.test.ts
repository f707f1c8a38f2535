import { expect, test } from "vitest";
import { toMessages, toResponse, type SqsEvent } from "./messages.ts";

const event: SqsEvent = {
  Records: ["a", "b"].map((messageId, index) => ({
    messageId,
    receiptHandle: `receipt-${messageId}`,
    body: `body-${messageId}`,
    attributes: {
      ApproximateReceiveCount: String(index + 1),
      SentTimestamp: "1700000000000",
      ...(index === 0 && { MessageGroupId: "p1" }),
    },
  })),
};

test("a message keeps everything the queue told about it; one sent by hand has no project", () => {
  const sentAt = 1_700_000_000_000;
  expect(toMessages(event)).toEqual([
    { id: "a", receipt: "receipt-a", body: "body-a", group: "p1", receiveCount: 1, sentAt },
    { id: "b", receipt: "receipt-b", body: "body-b", group: "", receiveCount: 2, sentAt },
  ]);
});

test("only what failed stays in the queue, and an id Lambda does not know is never sent", () => {
  expect(toResponse(event, [])).toEqual({ batchItemFailures: [] });
  expect(toResponse(event, ["b", "unknown"])).toEqual({ batchItemFailures: [{ itemIdentifier: "b" }] });
});
