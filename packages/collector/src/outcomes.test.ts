import { hourOf } from "@millrace/core";
import { expect, test } from "vitest";
import type { End, Settled } from "./candidate.ts";
import { arrivalsOf, exceptionsOf, messagesToRetry, messagesWithExceptions, recordedBefore } from "./outcomes.ts";
import { accepted, envelope, NOON } from "./testing/events.ts";

/** Events of one message with these ends, in order. */
function settled(
  batch: string,
  ends: readonly End[],
  parts: Parameters<typeof envelope>[2] = {},
  cameBefore = false,
): Settled[] {
  const events = ends.map(() => accepted());
  const delivery = { id: batch, envelope: envelope(batch, events, parts), cameBefore };
  return ends.map((end, ordinal) => ({
    candidate: { delivery, ordinal, accepted: events[ordinal] ?? accepted() },
    end,
  }));
}
const STORED: End = { kind: "stored" };
const OWN: End = { kind: "own-retry" };
const RETRY: End = { kind: "retry", detail: "" };
const DELETED: End = { kind: "deleted" };
const DUPLICATE: End = { kind: "duplicate" };

test("the running totals of messages that leave an exception are noted, the newest of each project, instance and hour", () => {
  const hour = hourOf(NOON);
  const list = [
    ...settled("a", [DELETED], { accepted: 7 }),
    ...settled("b", [STORED, DUPLICATE], { accepted: 12 }),
    ...settled("c", [DELETED], { accepted: 9 }),
    ...settled("all stored", [STORED, OWN, RETRY], { accepted: 99 }),
    ...settled("d", [DELETED], { accepted: 0, instance: "instance-2" }),
    ...settled("e", [DELETED], { accepted: 1, project: "p2" }),
    ...settled("f", [DELETED], { accepted: 2, receivedAt: NOON + 3_600_000 }),
  ];
  expect(arrivalsOf(list)).toEqual([
    { project: "p1", instance: "instance-1", hour, accepted: 12 },
    { project: "p1", instance: "instance-2", hour, accepted: 0 },
    { project: "p2", instance: "instance-1", hour, accepted: 1 },
    { project: "p1", instance: "instance-1", hour: hour + 3_600_000, accepted: 2 },
  ]);
});

test("what an earlier delivery recorded is taken back of each event whose end is known, and of its batch's duplicates; nothing at the first", () => {
  const receivedAt = NOON + 500;
  const ends = [STORED, OWN, RETRY, DUPLICATE, DELETED];
  expect(recordedBefore(settled("a", ends))).toEqual([]);
  expect(recordedBefore(settled("a", ends, {}, true))).toEqual(
    [0, 1, 3, 4, -1, -2].map((ordinal) => ({ batch: "a", ordinal, receivedAt })),
  );
  expect(recordedBefore(settled("b", [RETRY, RETRY], {}, true))).toEqual([]);
});

test("duplicates of one batch are one exception by reason; of several collections it is in none", () => {
  const list = settled("a", [DUPLICATE, { kind: "duplicate-token" }, DUPLICATE, DUPLICATE, DELETED]);
  const ending = (text: string) => expect.stringMatching(` ${text} of the batch\\.$`) as string;
  expect(exceptionsOf(list)).toMatchObject([
    { ordinal: 4, outcome: "deleted", reason: "tombstone", detail: "It was deleted before it was stored.", raw: null },
    { ordinal: -1, reason: "id", count: 3, collection: "pageviews", detail: ending("Events 0, 2-3") },
    { ordinal: -2, reason: "uniqueness-token", count: 1, detail: ending("Events 1") },
  ]);
  const [first, second] = settled("b", [DUPLICATE, DUPLICATE]);
  if (!first || !second) throw new RangeError("no events");
  const elsewhere = { ...second, candidate: { ...second.candidate, accepted: accepted({ collection: "clicks" }) } };
  expect(exceptionsOf([first, elsewhere])).toMatchObject([{ collection: "", count: 2 }]);
  expect(exceptionsOf(settled("c", [{ kind: "expired" }]))).toMatchObject([
    { outcome: "expired", reason: "retention", detail: "It is older than the retention time." },
  ]);
});

test("a message that is in the queue twice leaves its duplicates once, also when both of it come at once", () => {
  const twice = [...settled("a", [DUPLICATE, DUPLICATE, STORED]), ...settled("a", [DUPLICATE, DUPLICATE, OWN])];
  expect(exceptionsOf(twice)).toMatchObject([{ batch: "a", count: 2 }]);
});

test.each<[End, object | undefined]>([
  [STORED, undefined],
  [OWN, undefined],
  [RETRY, undefined],
  [
    DUPLICATE,
    { outcome: "duplicate", reason: "id", detail: "An event with this id is stored already. Events 0 of the batch." },
  ],
  [
    { kind: "duplicate-token" },
    {
      outcome: "duplicate",
      reason: "uniqueness-token",
      detail: "An event with this uniqueness token is stored already. Events 0 of the batch.",
    },
  ],
  [
    { kind: "rejected", reason: "mapping", detail: "Too many fields." },
    { outcome: "rejected", reason: "mapping", detail: "Too many fields." },
  ],
  [DELETED, { outcome: "deleted", reason: "tombstone", detail: "It was deleted before it was stored." }],
  [{ kind: "expired" }, { outcome: "expired", reason: "retention", detail: "It is older than the retention time." }],
])("the end %j leaves %j; only what is rejected keeps its raw form", (end, what) => {
  const list = settled("a", [end]);
  const raw = end.kind === "rejected" ? JSON.stringify(list[0]?.candidate.accepted) : null;
  const kept = { project: "p1", batch: "a", collection: "pageviews", receivedAt: NOON + 500, raw };
  expect(exceptionsOf(list)).toMatchObject(what ? [{ ...kept, ...what }] : []);
  expect([...messagesWithExceptions(list)]).toEqual(what ? ["a"] : []);
});

test("duplicates are listed in the order of their places, in runs", () => {
  const list = settled("a", [DUPLICATE, DUPLICATE, STORED, DUPLICATE, STORED, DUPLICATE, DUPLICATE, DUPLICATE]);
  expect(exceptionsOf(list.toReversed())).toMatchObject([{ detail: expect.stringContaining("Events 0-1, 3, 5-7 of") }]);
});

test("of events that are sent again each duplicate is its own, and those of the batch stay recorded", () => {
  const replay = { ordinals: [0, 1] } as never;
  const list = settled("a", [DUPLICATE, DUPLICATE], replay, true);
  expect(exceptionsOf(list)).toMatchObject([{ ordinal: 0 }, { ordinal: 1 }]);
  expect(recordedBefore(list).map(({ ordinal }) => ordinal)).toEqual([0, 1]);
});

test("an event that is none has its exception in no collection", () => {
  const [one] = settled("a", [DELETED]);
  if (!one) throw new RangeError("no event");
  const of = (event: unknown) => [{ ...one, candidate: { ...one.candidate, accepted: event as never } }];
  for (const event of [null, "text", { collection: 5 }])
    expect(exceptionsOf(of(event))).toMatchObject([{ collection: "" }]);
});

test("a message comes back with the longest cause of its events; one without is in no list", () => {
  const retry = (because?: "late" | "blocked"): End => ({ kind: "retry", detail: "", ...(because && { because }) });
  const list = [
    ...settled("a", [retry(), retry("blocked"), retry("late"), STORED]),
    ...settled("b", [retry()]),
    ...settled("c", [STORED, DELETED]),
  ];
  expect([...messagesToRetry(list)]).toEqual([
    ["a", "blocked"],
    ["b", undefined],
  ]);
});
