import { callsOf, type CallName } from "@millrace/ops";
import { expect, test } from "vitest";
import { billedCalls, differences } from "./counts.ts";

const count = (calls: number, bytesIn = 0) => ({ calls, bytesIn, bytesOut: 0 });

test("calls are counted as the bill has them: messages by 64 KB, any change of an item as a write, searches not at all", () => {
  const calls = new Map([
    ["ingest sqs:SendMessage", count(10, 10 * 65_537)],
    ["collector sqs:DeleteMessageBatch", count(1)],
    ["collector sqs:GetQueueAttributes", count(1)],
    ["ingest dynamodb:UpdateItem", count(2)],
    ["collector dynamodb:PutItem", count(1)],
    ["query es:ESHttpPost", count(5)],
    ["collector es:ESHttpPost", count(1)],
  ]);
  expect(billedCalls(calls, new Map([["ingest", 10]]))).toEqual(
    new Map<CallName, number>([
      ["sqs:SendMessage", 20],
      ["sqs:DeleteMessage", 1],
      ["dynamodb:write", 3],
      ["es:bulk", 1],
      ["lambda:invoke", 10],
    ]),
  );
});

test("a call that the model has no name for is no call that costs nothing", () => {
  expect(() => billedCalls(new Map([["ingest kms:Decrypt", count(1)]]), new Map())).toThrow("ingest kms:Decrypt");
});

test("one call a request too many is a difference, a tick of a clock is none", () => {
  const model = callsOf({ request: 100, totals: 3 });
  const seen = (change: readonly (readonly [CallName, number])[]) => new Map([...model, ...change]);
  const clocked = { "dynamodb:write": 2 };
  expect(differences(seen([]), model, clocked)).toEqual([]);
  expect(differences(seen([["dynamodb:write", 5]]), model, clocked)).toEqual([]);
  expect(differences(seen([["sqs:SendMessage", 106]]), model, clocked)).toEqual([
    "sqs:SendMessage: 106 were counted, the model has 100",
  ]);
  expect(differences(seen([["dynamodb:read", 100]]), model, clocked)).toEqual([
    "dynamodb:read: 100 were counted, the model has 0",
  ]);
  expect(differences(seen([["dynamodb:write", 103]]), model, clocked)).toHaveLength(1);
});
