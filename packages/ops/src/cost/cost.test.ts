import { expect, test } from "vitest";
import { callsOf } from "./calls.ts";
import { monthlyBill, type MonthlyLoad } from "./cost.ts";
import { keenListPrice } from "./hosted.ts";
import { HOURS_PER_MONTH, PRICES, stepped } from "./prices.ts";
import { collectorCalls, loadOf, type StageLoad } from "./stage-load.ts";

const nothing: MonthlyLoad = {
  requests: 0,
  messageBytes: 2_000,
  ingestSeconds: 0.02,
  pageViewShare: 0,
  totals: 0,
  collectorCalls: 0,
  forwards: 0,
  collecting: 0,
  collectorSeconds: 0,
  idleReceives: 0,
  beats: 0,
  queries: 0,
  querySeconds: 0,
  rounds: 0,
  refreshes: 0,
  nodes: [],
  diskGb: 0,
  warmGb: 0,
  metrics: 0,
  alarms: 0,
  firewall: false,
  archive: false,
  archiveGb: 0,
};
const line = (load: Partial<MonthlyLoad>, what: string) =>
  monthlyBill({ ...nothing, ...load }).lines.find((each) => each.what === what)?.usd;

test("a stage that does nothing costs nothing, and the total is the sum of its lines", () => {
  expect(monthlyBill(nothing).total).toBe(0);
  const { lines, total } = monthlyBill({
    ...nothing,
    requests: 25e6,
    nodes: [{ type: "r7g.large", count: 3 }],
    diskGb: 725,
  });
  expect(lines.reduce((sum, { usd }) => sum + usd, 0)).toBeCloseTo(total);
});

test("three r7g.large with 725 GB and 25 million requests: each line by hand", () => {
  expect(line({ nodes: [{ type: "r7g.large", count: 3 }] }, "OpenSearch nodes")).toBeCloseTo(3 * 0.178 * 730);
  expect(line({ diskGb: 725 }, "OpenSearch disks")).toBeCloseTo(88.45);
  expect(line({ requests: 25e6 }, "HTTP API")).toBeCloseTo(25);
  // 5 for the calls, 25 million x 20 ms x 0.5 GB for the time.
  expect(line({ requests: 25e6 }, "ingest")).toBeCloseTo(5 + 250_000 * 0.0000133334);
  // A page view is a write, so are the totals; other requests are a read.
  expect(line({ requests: 25e6, pageViewShare: 1, totals: 1e6 }, "registry")).toBeCloseTo(15.625 + 0.625);
  // Each request costs at the edge: itself, two functions, two reads of routes, and the firewall's look.
  expect(line({ requests: 25e6 }, "CloudFront")).toBeCloseTo(25 + 5 + 1.5);
  expect(line({ requests: 25e6, firewall: true }, "firewall")).toBeCloseTo(5 + 1 + 15);
  expect(line({ requests: 25e6 }, "firewall")).toBe(0);
  // 1.2 KB a request.
  expect(line({ requests: 25e6 }, "logs, metrics, alarms")).toBeCloseTo(15);
});

test("a message above 64 KB is sent as several requests; it comes and goes with nine others", () => {
  const small = line({ requests: 1e6, messageBytes: 65_536 }, "queue") ?? 0;
  const large = line({ requests: 1e6, messageBytes: 65_537 }, "queue") ?? 0;
  expect(small).toBeCloseTo(1.2 * 0.4);
  expect(large - small).toBeCloseTo(0.4);
});

test("no archive, no cost of it", () => {
  expect(line({ collectorCalls: 1e6, archiveGb: 100 }, "archive")).toBe(0);
  expect(line({ collectorCalls: 1e6, archiveGb: 100, archive: true }, "archive")).toBeCloseTo(5 + 2.3);
});

test("only what lies above a step gets its price", () => {
  expect(stepped(0, PRICES.httpApi)).toBe(0);
  expect(stepped(300e6, PRICES.httpApi)).toBeCloseTo(300);
  expect(stepped(400e6, PRICES.httpApi)).toBeCloseTo(390);
});

test("Keen's list: the cheapest plan for the volume, with its overage", () => {
  expect(keenListPrice(1e6)).toBe(299);
  expect(keenListPrice(10e6)).toBe(1_999);
  expect(keenListPrice(125e6)).toBe(23_500);
  expect(keenListPrice(1e9)).toBe(198_500);
});

test("a question is two reads and two writes of the registry, ten seconds of a collector are a read and two writes", () => {
  expect(line({ queries: 1e6 }, "registry")).toBeCloseTo(2 * 0.625 + 2 * 0.125);
  expect(line({ collecting: 1e6 }, "registry")).toBeCloseTo(2 * 0.625 + 0.125);
});

test("calls add up over the kinds of work that need them", () => {
  const calls = callsOf({ request: 10, pageView: 5, visitRead: 5, totals: 2, collect: 1, archive: 1, handover: 1 });
  expect(calls.get("sqs:SendMessage")).toBe(10);
  expect(calls.get("dynamodb:write")).toBe(7);
  expect(calls.get("dynamodb:read")).toBe(5);
  expect(calls.get("s3:PutObject")).toBe(1);
  expect(calls.get("lambda:invoke")).toBe(11);
  expect(calls.get("sqs:ReceiveMessage")).toBe(1);
});

test("few messages are a call each; many are five calls a window, or a hundred messages a call", () => {
  const seconds = 730 * 3600;
  expect(collectorCalls({ requests: 1_000, windowSeconds: 1 })).toBeCloseTo(1_000, -1);
  expect(collectorCalls({ requests: 100 * seconds, windowSeconds: 1 }) / seconds).toBeCloseTo(100 / 21);
  expect(collectorCalls({ requests: 10_000 * seconds, windowSeconds: 5 }) / seconds).toBeCloseTo(100);
});

const large: StageLoad = {
  events: 125e6,
  eventsPerRequest: 5,
  openPages: 0,
  keptAnswers: 0,
  windowSeconds: 1,
  nodes: { type: "r7g.large", count: 3 },
  diskGb: 750,
  alarms: 36,
  firewall: true,
  archive: true,
};

test("a longer window saves most of the archive's cost", () => {
  const archive = (windowSeconds: number) =>
    monthlyBill(loadOf({ ...large, windowSeconds })).lines.find(({ what }) => what === "archive")?.usd ?? Number.NaN;
  expect(archive(5)).toBeLessThan(archive(1) / 2);
});

test("a dashboard that is in front all month, over a site that is never quiet, costs less than a dollar", () => {
  const withPages = (openPages: number) => monthlyBill(loadOf({ ...large, openPages })).total;
  const page = withPages(1) - withPages(0);
  expect(page).toBeLessThan(1);
  expect(page).toBeGreaterThan(0.5);
  expect(withPages(20) - withPages(0)).toBeCloseTo(20 * page);
});

test("what a page cost before: 206 requests a minute, each a question", () => {
  const queries = 206 * 60 * HOURS_PER_MONTH;
  expect(monthlyBill({ ...nothing, firewall: true, queries, querySeconds: 0.15 }).total).toBeGreaterThan(50);
});

test("a million kept answers computed anew: time of a function with 1 GB, four reads and four writes each", () => {
  const load = { refreshes: 1e6, querySeconds: 0.15 };
  expect(line(load, "kept answers")).toBeCloseTo(150_000 * 0.0000133334);
  expect(line(load, "registry")).toBeCloseTo(4 * 0.125 + 4 * 0.625);
});

test("a million batches of lines forwarded: calls, and the time of a function with a quarter of a gigabyte", () => {
  expect(line({ forwards: 1e6 }, "executions")).toBeCloseTo(0.2 + 1e6 * 0.03 * 0.25 * 0.0000133334);
});
