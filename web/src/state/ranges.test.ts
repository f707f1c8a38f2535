import { expect, test } from "vitest";
import { RANGES, isUnfinished, resolveRange, shiftPeriod, stepRange, type RangeName } from "./ranges.ts";

const NOW = "2026-03-11T14:25";

test.each([
  ["today", "2026-03-11", "2026-03-12"],
  ["yesterday", "2026-03-10", "2026-03-11"],
  ["24h", "2026-03-10T15:00", "2026-03-11T15:00"],
  ["7d", "2026-03-05", "2026-03-12"],
  ["30d", "2026-02-10", "2026-03-12"],
  ["91d", "2025-12-11", "2026-03-12"],
  ["month", "2026-03-01", "2026-03-12"],
  ["last-month", "2026-02-01", "2026-03-01"],
  ["year", "2026-01-01", "2026-03-12"],
  ["12mo", "2025-04-01", "2026-03-12"],
] as const)("%s is %s to %s", (range, start, end) => {
  expect(resolveRange({ range }, NOW)).toEqual({ start, end });
});

test("ranges that reach to the present hold an event of this minute", () => {
  for (const { name } of RANGES) {
    if (["yesterday", "last-month", "custom", "all"].includes(name)) continue;
    const period = resolveRange({ range: name }, NOW);
    expect(period && isUnfinished(period, NOW), name).toBe(true);
  }
});

test("all time is the days that hold data, and unknown until they are", () => {
  expect(resolveRange({ range: "all" }, NOW, undefined)).toBeUndefined();
  const bounds = { first: "2015-05-17", last: "2015-05-20" };
  expect(resolveRange({ range: "all" }, NOW, bounds)).toEqual({ start: "2015-05-17", end: "2015-05-21" });
  expect(resolveRange({ range: "all" }, NOW, null)).toEqual({ start: "2026-03-11", end: "2026-03-12" });
});

test("a custom range includes its last day, in whichever order it was given", () => {
  const expected = { start: "2015-05-17", end: "2015-05-21" };
  expect(resolveRange({ range: "custom", from: "2015-05-17", to: "2015-05-20" }, NOW)).toEqual(expected);
  expect(resolveRange({ range: "custom", from: "2015-05-20", to: "2015-05-17" }, NOW)).toEqual(expected);
  expect(resolveRange({ range: "custom" }, NOW)).toEqual({ start: "2026-03-11", end: "2026-03-12" });
});

test("a step moves whole months by months, other ranges by their length", () => {
  expect(shiftPeriod({ start: "2026-03-01", end: "2026-04-01" }, -1)).toEqual({
    start: "2026-02-01",
    end: "2026-03-01",
  });
  expect(shiftPeriod({ start: "2015-05-17", end: "2015-05-21" }, -1)).toEqual({
    start: "2015-05-13",
    end: "2015-05-17",
  });
  expect(shiftPeriod({ start: "2015-05-17T04:00", end: "2015-05-17T10:00" }, 1)).toEqual({
    start: "2015-05-17T10:00",
    end: "2015-05-17T16:00",
  });
});

test("steps there and back end where they began, and never in the future", () => {
  const period = { start: "2026-02-01", end: "2026-03-01" };
  const before = stepRange("custom", period, -1, NOW);
  expect(before).toEqual({ range: "custom", from: "2026-01-01", to: "2026-01-31" });
  const back = before && resolveRange(before, NOW);
  expect(back && shiftPeriod(back, 1)).toEqual(period);
  expect(stepRange("7d", { start: "2026-03-05", end: "2026-03-12" }, 1, NOW)).toBeUndefined();
});

test("every named range steps to the neighbour that its name promises", () => {
  const from = (range: RangeName) => {
    const period = resolveRange({ range }, NOW);
    const step = period && stepRange(range, period, -1, NOW);
    return step && [step.from, step.to];
  };
  expect(from("today")).toEqual(["2026-03-10", "2026-03-10"]);
  expect(from("yesterday")).toEqual(["2026-03-09", "2026-03-09"]);
  expect(from("24h")).toEqual(["2026-03-09T15:00", "2026-03-10T15:00"]);
  expect(from("7d")).toEqual(["2026-02-26", "2026-03-04"]);
  expect(from("month")).toEqual(["2026-02-01", "2026-02-28"]);
  expect(from("last-month")).toEqual(["2026-01-01", "2026-01-31"]);
  expect(from("year")).toEqual(["2025-01-01", "2025-12-31"]);
  expect(from("12mo")).toEqual(["2024-04-01", "2025-03-31"]);
});

test("every range has a key of its own", () => {
  expect(new Set(RANGES.map((range) => range.key)).size).toBe(RANGES.length);
});
