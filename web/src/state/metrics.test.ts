import { expect, test } from "vitest";
import { changeOf, metricOf, notDefined, type Totals } from "./metrics.ts";

const totals = (part: Partial<Totals>): Totals => ({
  visitors: 0,
  visits: 0,
  views: 0,
  visitViews: 0,
  second: 0,
  engagedMs: 0,
  events: 0,
  exact: true,
  ...part,
});

test("rates come from plain sums", () => {
  const t = totals({ visits: 10, views: 30, visitViews: 25, second: 4, engagedMs: 60_000 });
  expect(metricOf("depth").of(t)).toBe(2.5);
  expect(metricOf("bounce").of(t)).toBeCloseTo(0.6);
  expect(metricOf("duration").of(t)).toBe(6_000);
});

test("a rate over nothing is no number, not zero", () => {
  for (const id of ["depth", "bounce", "duration"] as const) expect(metricOf(id).of(totals({}))).toBeNull();
});

test("the bounce rate is never negative: a first page may be gone, and its second there", () => {
  expect(metricOf("bounce").of(totals({ visits: 2, second: 5 }))).toBe(0);
});

test("whole-visit metrics are not shown under filters that keep parts of visits", () => {
  const page = [{ field: "$page.path", op: "is", value: "/" } as const];
  const country = [{ field: "$geo.country", op: "is", value: "DE" } as const];
  for (const id of ["depth", "bounce", "duration"] as const) {
    expect(notDefined(id, page)).toBeDefined();
    expect(notDefined(id, country)).toBeUndefined();
  }
  expect(notDefined("visitors", page)).toBeUndefined();
});

test("with an event filter only visitors and events are defined", () => {
  const event = [{ field: "$collection", op: "is", value: "clicks" } as const];
  expect(notDefined("views", event)).toBeDefined();
  expect(notDefined("events", event)).toBeUndefined();
  expect(notDefined("visitors", event)).toBeUndefined();
});

test("there is no change from nothing", () => {
  expect(changeOf(5, 0)).toBeNull();
  expect(changeOf(5, null)).toBeNull();
  expect(changeOf(15, 10)).toBeCloseTo(0.5);
});
