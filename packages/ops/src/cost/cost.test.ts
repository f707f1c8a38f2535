import { expect, test } from "vitest";
import { monthlyBill, type MonthlyLoad } from "./cost.ts";
import { keenListPrice } from "./hosted.ts";
import { PRICES, stepped } from "./prices.ts";

const nothing: MonthlyLoad = {
  requests: 0,
  messageBytes: 2_000,
  ingestSeconds: 0.02,
  writesPerRequest: 0,
  readsPerRequest: 0,
  collectorCalls: 0,
  collectorSeconds: 0,
  receives: 0,
  queries: 0,
  querySeconds: 0,
  nodes: [],
  diskGb: 0,
  warmGb: 0,
  logGb: 0,
  metrics: 0,
  alarms: 0,
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
  expect(line({ requests: 25e6, writesPerRequest: 2 }, "registry")).toBeCloseTo(31.25);
});

test("a message above 64 KB is sent as several requests; deletes go in tens", () => {
  const small = line({ requests: 1e6, messageBytes: 65_536 }, "queue") ?? 0;
  const large = line({ requests: 1e6, messageBytes: 65_537 }, "queue") ?? 0;
  expect(small).toBeCloseTo(1.1 * 0.4);
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
