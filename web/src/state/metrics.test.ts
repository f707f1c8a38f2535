import { expect, test } from "vitest";
import { isFilter } from "./filters.ts";
import {
  changeOf,
  isEstimate,
  isOfVisits,
  METRICS,
  metricOf,
  metricsFor,
  notDefined,
  notDrawn,
  type Totals,
} from "./metrics.ts";

const totals = (part: Partial<Totals>): Totals => ({
  visitors: 0,
  visits: 0,
  views: 0,
  visitViews: 0,
  stayed: 0,
  bounced: null,
  numberSum: 0,
  numbers: 0,
  engagedMs: 0,
  events: 0,
  exact: true,
  visitsExact: true,
  ...part,
});

test("rates come from plain sums", () => {
  const t = totals({ visits: 10, views: 30, visitViews: 25, stayed: 4, engagedMs: 60_000 });
  expect(metricOf("depth").of(t)).toBe(2.5);
  expect(metricOf("bounce").of(t)).toBeCloseTo(0.6);
  expect(metricOf("duration").of(t)).toBe(6_000);
});

test("what is made of estimated visitors or visits is an estimate, and nothing else", () => {
  const estimates = (part: Partial<Totals>) => METRICS.map(({ id }) => id).filter((id) => isEstimate(id, totals(part)));
  expect(estimates({})).toEqual([]);
  expect(estimates({ exact: false })).toEqual(["visitors"]);
  expect(estimates({ visitsExact: false })).toEqual(["visits", "depth", "bounce", "duration"]);
});

test("a rate over nothing is no number, not zero", () => {
  for (const id of ["depth", "bounce", "duration"] as const) expect(metricOf(id).of(totals({}))).toBeNull();
});

test("the bounce rate is never negative: a first page may be gone, and its second there", () => {
  expect(metricOf("bounce").of(totals({ visits: 2, stayed: 5 }))).toBe(0);
});

test("where filters keep parts of visits, the bounce rate is the one that was asked for", () => {
  expect(metricOf("bounce").of(totals({ visits: 10, stayed: 10, bounced: 0.25 }))).toBe(0.25);
});

test("under a filter by page every metric is defined, but no bounce rate is drawn", () => {
  const page = [isFilter("$page.path", "/")];
  const country = [isFilter("$geo.country", "DE")];
  for (const { id } of METRICS) {
    expect(notDefined(id, page)).toBeUndefined();
    expect(notDrawn(id, country)).toBeUndefined();
  }
  expect(notDrawn("bounce", page)).toBeDefined();
  expect(notDrawn("visits", page)).toBeUndefined();
});

test("with an event filter nothing about pages is defined", () => {
  const event = [isFilter("$collection", "clicks")];
  const undefinedOnes = METRICS.filter(({ id }) => notDefined(id, event)).map(({ id }) => id);
  expect(undefinedOnes).toEqual(["views", "depth", "bounce", "duration"]);
  expect(notDefined("views", [isFilter("$collection", "pageviews")])).toBeUndefined();
});

test("a page about events has no card that must be empty", () => {
  expect(metricsFor({ about: "events" }, undefined)).toEqual(["events", "visitors", "each", "visits"]);
  expect(metricsFor({ about: "events", number: "amount" }, { visitors: 0 })).toEqual(["events", "sum", "average"]);
  expect(metricsFor({ about: "web", number: "amount" }, { visitors: 0 })).not.toContain("sum");
});

test("the average is over the events that have the number", () => {
  expect(metricOf("average").of(totals({ events: 10, numberSum: 12, numbers: 4 }))).toBe(3);
  expect(metricOf("average").of(totals({ events: 10 }))).toBeNull();
});

test("there is no change from nothing", () => {
  expect(changeOf(5, 0)).toBeNull();
  expect(changeOf(5, null)).toBeNull();
  expect(changeOf(15, 10)).toBeCloseTo(0.5);
});

test("a metric that is not of visits is told without their sums, so a question may leave them out", () => {
  const other = { visits: 7, visitViews: 30, stayed: 5, engagedMs: 90_000 };
  for (const { id, of } of METRICS) {
    const moves = of(totals({ visits: 2, visitViews: 4, stayed: 1 })) !== of(totals(other));
    expect([id, moves]).toEqual([id, isOfVisits(id)]);
  }
  expect(isOfVisits(undefined)).toBe(false);
});
