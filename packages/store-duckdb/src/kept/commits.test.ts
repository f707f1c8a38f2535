import { describe, expect, test } from "vitest";
import { storedEvent } from "@millrace/core/contract";
import { createCommits } from "./commits.ts";
import { touchedAll, touchedBy, touches } from "./touched.ts";

const DAY = 86_400_000;
const MIDNIGHT = Date.UTC(2026, 2, 10);
const TODAY = { start: MIDNIGHT, end: MIDNIGHT + DAY };
const YESTERDAY = { start: MIDNIGHT - DAY, end: MIDNIGHT };
const today = touchedBy([storedEvent({ project: "p", timestamp: MIDNIGHT + 1 })]);

describe("a commit touches", () => {
  test("the quarters of an hour that its events lie in, of their projects alone", () => {
    expect(touches(today, "p", "timestamp", TODAY)).toBe(true);
    expect(touches(today, "p", "timestamp", YESTERDAY)).toBe(false);
    expect(touches(today, "other", "timestamp", TODAY)).toBe(false);
  });

  test("a span that ends within a quarter", () => {
    expect(touches(today, "p", "timestamp", { start: 0, end: MIDNIGHT + 2 })).toBe(true);
    expect(touches(today, "p", "timestamp", { start: MIDNIGHT + 899_999, end: MIDNIGHT + DAY })).toBe(true);
    expect(touches(today, "p", "timestamp", { start: MIDNIGHT + 900_000, end: MIDNIGHT + DAY })).toBe(false);
  });

  test("the beginning of a visit where that is what a question is about, before 1970 too", () => {
    const context = { visit_start: MIDNIGHT - 1 };
    const late = touchedBy([storedEvent({ project: "p", timestamp: MIDNIGHT, context })]);
    expect(touches(late, "p", "visit_start", YESTERDAY)).toBe(true);
    expect(touches(late, "p", "visit_start", TODAY)).toBe(false);
    expect(touches(late, "p", "timestamp", YESTERDAY)).toBe(false);
    const old = touchedBy([storedEvent({ project: "p", timestamp: -1 })]);
    expect(touches(old, "p", "timestamp", { start: -2, end: 0 })).toBe(true);
    expect(touches(old, "p", "visit_start", { start: -2, end: 0 })).toBe(false);
  });

  test("everything where its events are strewn", () => {
    const strewn = Array.from({ length: 600 }, (_, i) => storedEvent({ project: "p", timestamp: i * DAY }));
    expect(touches(touchedBy(strewn), "p", "visit_start", TODAY)).toBe(true);
    expect(touches(touchedBy(strewn), "other", "visit_start", TODAY)).toBe(false);
  });
});

describe("of what a commit has touched a reader knows nothing", () => {
  const untouched = (look: ReturnType<ReturnType<typeof createCommits>["look"]>) =>
    [YESTERDAY, TODAY].map((range) => look.untouched("p", "timestamp", range));

  test("while it runs, whoever began first", async () => {
    const commits = createCommits(() => {});
    const before = commits.look();
    const gate = Promise.withResolvers<void>();
    const commit = commits.during(today, () => gate.promise);
    const after = commits.look();
    expect([untouched(before), untouched(after)]).toEqual([
      [true, false],
      [true, false],
    ]);
    gate.resolve();
    await commit;
    expect([untouched(before), untouched(after), untouched(commits.look())]).toEqual([
      [true, false],
      [true, false],
      [true, true],
    ]);
  });

  test("also when it has failed, and for as long as the reader looks, whoever has gone since", async () => {
    const commits = createCommits(() => {});
    const look = commits.look();
    await expect(commits.during(today, () => Promise.reject(new Error("full")))).rejects.toThrow("full");
    commits.look().close();
    await commits.during(touchedAll("other"), () => Promise.resolve());
    commits.look().close();
    expect(untouched(look)).toEqual([true, false]);
  });

  test("before the commit can be seen, those who keep something are told", async () => {
    const told: string[] = [];
    const commits = createCommits((touched) => told.push([...touched.keys()].join(",")));
    await commits.during(touchedAll("p"), async () => expect(told).toEqual(["p"]));
  });
});
