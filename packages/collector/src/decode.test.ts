import { REPLAY_VERSION, type Envelope } from "@millrace/core";
import { describe, expect, test } from "vitest";
import { decode, type CollectMessage } from "./decode.ts";
import { accepted, envelope, message, NOON } from "./testing/events.ts";

const ONE = envelope("b", [accepted()]);
const { receivedAt } = ONE;

describe("whether events may have had an end before", () => {
  test.each<[what: string, parts: Partial<CollectMessage>, cameBefore: boolean]>([
    ["the first delivery of what ingest sent at once", {}, false],
    ["the second delivery", { receiveCount: 2 }, true],
    ["a first delivery that says itself it is none", { redriven: true }, true],
    ["sent five seconds after it was received: ingest was slow", { sentAt: receivedAt + 5_000 }, false],
    ["sent later than that: nobody but a redrive or a replay does", { sentAt: receivedAt + 5_001 }, true],
  ])("%s", async (_what, parts, cameBefore) => {
    expect((await decode([{ ...message(ONE), ...parts }])).deliveries).toMatchObject([{ id: "b", cameBefore }]);
  });

  test("some events of a batch, sent again", async () => {
    const replay = message(envelope("b", [accepted()], { v: REPLAY_VERSION, ordinals: [4] } as Partial<Envelope>));
    expect((await decode([replay])).deliveries).toMatchObject([{ cameBefore: true }]);
  });
});

test.each<[what: string, parts: Record<string, unknown>]>([
  ["batch", { batch: 5 }],
  ["project", { project: null }],
  ["receipt", { receivedAt: String(NOON) }],
  ["instance", { instance: undefined }],
  ["sequence", { sequence: null }],
  ["total", { accepted: "1" }],
])("without its %s a message is unreadable, and its neighbours are read", async (_what, parts) => {
  const broken = { ...message(ONE), id: "broken", body: JSON.stringify({ ...ONE, ...parts }) };
  const noEnvelope = { ...message(ONE), id: "none", body: "{" };
  const { deliveries, unreadable } = await decode([broken, message(ONE), noEnvelope]);
  expect(deliveries.map(({ id }) => id)).toEqual(["b"]);
  expect(unreadable).toEqual(["broken", "none"]);
});
