import { expect, test } from "vitest";
import { receiptsOf, toMessages, toResponse, type SqsEvent } from "./messages.ts";

const event: SqsEvent = {
  Records: ["a", "b"].map((messageId, index) => ({
    messageId,
    receiptHandle: `receipt-${messageId}`,
    body: `body-${messageId}`,
    attributes: { ApproximateReceiveCount: String(index + 1) },
  })),
};

test("a message keeps its id, its body and how often it was received", () => {
  expect(toMessages(event)).toEqual([
    { id: "a", body: "body-a", receiveCount: 1 },
    { id: "b", body: "body-b", receiveCount: 2 },
  ]);
});

test("only what failed stays in the queue, and an id Lambda does not know is never sent", () => {
  expect(toResponse(event, [])).toEqual({ batchItemFailures: [] });
  expect(toResponse(event, ["b", "unknown"])).toEqual({ batchItemFailures: [{ itemIdentifier: "b" }] });
});

test("a finished message is acknowledged by its own receipt", () => {
  expect(receiptsOf(event, ["b"])).toEqual(["receipt-b"]);
});
