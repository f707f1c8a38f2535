import { runInExecution, spanOf } from "@millrace/core";
import { describe, expect, test } from "vitest";
import type { End, Settled } from "./candidate.ts";
import { decode } from "./decode.ts";
import { causeOf, createTally } from "./tally.ts";
import { accepted, envelope, message, NOON } from "./testing/events.ts";

const now = NOON + 10_000;

async function tallyOf(...envelopes: ReturnType<typeof envelope>[]) {
  const messages = envelopes.map((each, i) => message(each, i + 1));
  const tally = createTally(messages);
  tally.decoded(await decode(messages), now);
  return tally;
}

function settled(...ends: End[]): Settled[] {
  const delivery = { id: "b", envelope: envelope("b", []), cameBefore: false };
  return ends.map((end, ordinal) => ({ candidate: { delivery, ordinal, accepted: accepted() }, end }));
}

/** The labels that it writes on the running execution. */
function labelsOf(tally: ReturnType<typeof createTally>, failedMessages: number) {
  const labels: Record<string, unknown> = {};
  const label = (name: string, value: unknown) => void (labels[name] = value);
  runInExecution({ id: "e", label, span: (_name: string, work: () => unknown) => work() } as never, () =>
    tally.label(failedMessages),
  );
  return labels;
}

describe("the source", () => {
  test("names what is in the messages, each once, and the run of ingest that sent them", async () => {
    const request = {
      executionId: "ingest-1",
      function: "ingest",
      coldStart: false,
      durationMs: 1,
      route: "/",
      bytes: 1,
    };
    const { source } = await tallyOf(
      envelope("b1", [accepted(), accepted()], { receivedAt: NOON + 4_000, request }),
      envelope("b2", [accepted()], { receivedAt: NOON + 1_000, request: { ...request, trace: "f".repeat(32) } }),
      { ...envelope("b3", [], { receivedAt: NOON + 9_000, project: "p2" }), request: undefined as never },
    );
    const sender = spanOf("ingest-1");
    const lone = spanOf("b3");
    expect(source).toEqual({
      kind: "queue",
      messages: 3,
      events: 3,
      oldestAgeMs: 9_000,
      maxReceiveCount: 3,
      projects: ["p1", "p2"],
      batches: ["b1", "b2", "b3"],
      traces: [
        `${sender.traceId}-${sender.spanId}`,
        `${"f".repeat(32)}-${sender.spanId}`,
        `${lone.traceId}-${lone.spanId}`,
      ],
    });
  });

  test("of thousands of messages a hundred are named", async () => {
    const many = Array.from({ length: 150 }, (_, i) => {
      const each = envelope(`b${i}`, [], { project: `p${i}` });
      return { ...each, request: undefined as never };
    });
    const { source } = await tallyOf(...many);
    expect(source.messages).toBe(150);
    for (const named of [source.projects, source.batches, source.traces]) expect(named).toHaveLength(100);
  });

  test("of no message it has no age", async () => {
    expect((await tallyOf()).source).toMatchObject({ messages: 0, oldestAgeMs: null, maxReceiveCount: 0 });
  });
});

describe("the labels", () => {
  test("say how events ended, over all rounds, and the first cause of those that come back", async () => {
    const tally = await tallyOf();
    tally.settled(settled({ kind: "stored" }, { kind: "stored" }, { kind: "retry", detail: "no" }));
    tally.settled(settled({ kind: "stored" }, { kind: "retry", detail: "no", cause: new TypeError("first") }));
    tally.settled(settled({ kind: "retry", detail: "no", cause: new Error("second") }));
    expect(labelsOf(tally, 4)).toEqual({
      "events.stored": 3,
      "events.retry": 3,
      "messages.failed": 4,
      "retry.cause": "TypeError: first",
    });
  });

  test("count unreadable messages where there are some", async () => {
    const tally = await tallyOf();
    tally.decoded({ deliveries: [], unreadable: ["x"] }, now);
    tally.decoded({ deliveries: [], unreadable: ["y", "z"] }, now);
    expect(labelsOf(tally, 0)).toEqual({ "messages.failed": 0, "messages.unreadable": 3 });
  });
});

test("only an event that comes back has a cause", () => {
  const cause = new Error("of a retry");
  expect(
    causeOf(settled({ kind: "stored" }, { kind: "retry", detail: "" }, { kind: "retry", detail: "", cause })),
  ).toBe(cause);
  expect(causeOf(settled({ kind: "stored", cause } as End))).toBeUndefined();
});
