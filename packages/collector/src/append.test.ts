import type { AppendOutcome } from "@millrace/core";
import { storedEvent } from "@millrace/core/contract";
import { expect, test } from "vitest";
import { append } from "./append.ts";
import type { Ready } from "./stored-event.ts";
import { accepted, envelope } from "./testing/events.ts";

const ready = [0, 1].map((ordinal): Ready => {
  const delivery = { id: "b", envelope: envelope("b", [accepted(), accepted()]), cameBefore: false };
  return { delivery, ordinal, accepted: accepted(), stored: storedEvent({ project: "p1", ordinal }) };
});
const ends = async (answer: () => Promise<AppendOutcome[]>, events = ready) =>
  (await append({ append: answer }, events, 7)).map(({ candidate, end }) => [candidate.ordinal, end]);

test("each event has the store's answer in its place; the store is told until when there is time", async () => {
  const asked: unknown[] = [];
  const settled = await append(
    {
      append: async (...args) => {
        asked.push(args);
        return [{ kind: "stored" }, { kind: "expired" }];
      },
    },
    ready,
    7,
  );
  expect(settled).toEqual(ready.map((candidate, i) => ({ candidate, end: { kind: i === 0 ? "stored" : "expired" } })));
  expect(asked).toEqual([[ready.map(({ stored }) => stored), { deadline: 7 }]]);
});

test("nothing is asked for nothing", async () => {
  expect(await ends(() => Promise.reject(new Error("asked")), [])).toEqual([]);
});

test("a store that fails, or answers for others, has decided nothing", async () => {
  const away = new Error("away");
  const retry = (cause: unknown) => ({
    kind: "retry",
    detail: "The store could not be reached.",
    because: "unreachable",
    cause,
  });
  expect(await ends(() => Promise.reject(away))).toEqual([0, 1].map((ordinal) => [ordinal, retry(away)]));
  const short = new Error("The store answered 1 outcomes for 2 events.");
  expect(await ends(async () => [{ kind: "stored" }])).toEqual([0, 1].map((ordinal) => [ordinal, retry(short)]));
});
