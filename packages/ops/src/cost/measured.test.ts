import { expect, test } from "vitest";
import { monthlyBill } from "./cost.ts";
import { keenListPrice } from "./hosted.ts";
import { costReport, type MeasuredTraffic, type StageShape } from "./measured.ts";
import { loadOf } from "./stage-load.ts";

const shape: StageShape = {
  keptAnswers: 10,
  windowSeconds: 1,
  nodes: { type: "r7g.large", count: 3 },
  diskGb: 750,
  alarms: 36,
  firewall: true,
  archive: true,
};
const START = Date.UTC(2026, 10, 1);
/** A fifth of November. */
const traffic: MeasuredTraffic = {
  from: START,
  to: START + 6 * 86_400_000,
  requests: 5e6,
  queries: 20_000,
  projects: [
    { id: "a", name: "Shop", events: 5e6 },
    { id: "b", name: "Blog", events: 20e6 },
  ],
};

test("a fifth of a month is a fifth of its bill, and the bill that the model makes of five times as much", () => {
  const report = costReport(traffic, shape);
  const load = loadOf({ ...shape, events: 125e6, eventsPerRequest: 5, openPages: 0 });
  const { total } = monthlyBill({ ...load, queries: 100_000 });
  expect(report.month).toBeCloseTo(total, 6);
  expect(report.soFar).toBeCloseTo(total / 5, 6);
  expect(report.lines.reduce((sum, line) => sum + line.month, 0)).toBeCloseTo(total, 6);
  expect([report.events, report.keen]).toEqual([125e6, keenListPrice(125e6)]);
});

test("each project pays by its events, and together they pay all of it", () => {
  const { projects, month, soFar } = costReport(traffic, shape);
  expect(projects.map(({ name }) => name)).toEqual(["Blog", "Shop"]);
  expect(projects[0]?.month).toBeCloseTo(0.8 * month, 6);
  expect(projects.reduce((sum, each) => sum + each.soFar, 0)).toBeCloseTo(soFar, 6);
  const idle = costReport(
    { ...traffic, requests: 0, queries: 0, projects: traffic.projects.map((each) => ({ ...each, events: 0 })) },
    shape,
  );
  expect(idle.projects.map(({ month: its }) => its / idle.month)).toEqual([0.5, 0.5]);
  expect(idle.month).toBeGreaterThan(400);
});

test("a lever is what the bill is without it, the most saving first, and only of what is there", () => {
  const { levers, month } = costReport(traffic, shape);
  const changes = levers.map(({ change }) => change);
  expect(changes).toEqual(changes.toSorted((a, b) => a - b));
  const without = costReport(traffic, { ...shape, archive: false });
  expect(levers.find(({ what }) => what.startsWith("no archive"))?.change).toBeCloseTo(without.month - month, 6);
  const small = costReport(traffic, {
    ...shape,
    archive: false,
    firewall: false,
    keptAnswers: 0,
    nodes: { type: "t3.small", count: 1 },
  });
  expect(small.levers).toHaveLength(3);
});

test("a month that has just begun has cost nothing, and nothing can be said of it", () => {
  const { soFar, events } = costReport({ ...traffic, to: START }, shape);
  expect([soFar, events]).toEqual([0, 0]);
});
