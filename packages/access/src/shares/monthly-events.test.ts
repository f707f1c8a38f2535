import { hourOf, type AcceptedRow } from "@millrace/core";
import { expect, onTestFinished, test } from "vitest";
import { createSqliteRegistry } from "../registry/registry-sqlite.ts";
import { createMonthlyEvents } from "./monthly-events.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOVEMBER = Date.UTC(2026, 10, 1);
const DECEMBER = Date.UTC(2026, 11, 1);

/** Processes over one registry and one side of the ledger, which says what it was asked for. */
function setUp(processes = 1) {
  let now = NOVEMBER + 10 * DAY;
  const clock = { now: () => now };
  const registry = createSqliteRegistry({ path: ":memory:", clock });
  onTestFinished(() => registry.close());
  const hours = new Map<number, number>();
  const asked: number[] = [];
  const accepted = async (_project: string, from: number, to: number): Promise<AcceptedRow[]> => {
    asked.push((to - from) / HOUR);
    return [...hours].flatMap(([hour, count]) => (hour >= from && hour < to ? [{ hour, count }] : []));
  };
  const months = Array.from({ length: processes }, () => createMonthlyEvents({ registry, clock, accepted }));
  return {
    months: months as [(typeof months)[0], ...typeof months],
    registry,
    asked,
    at: (ms: number) => void (now = ms),
    pass: (ms: number) => void (now += ms),
    record: (events: number) => void hours.set(hourOf(now), (hours.get(hourOf(now)) ?? 0) + events),
  };
}

const shop = { id: "shop", eventsPerMonth: 100 };

test("a project records what it may in a month, is refused until an hour at most has passed, and begins anew with the next month", async () => {
  const { months, record, pass, at } = setUp(2);
  record(60);
  for (const process of months) expect(await process.isOver(shop)).toBe(false);
  pass(5 * DAY);
  record(40);
  for (const process of months)
    await expect(process.isOver(shop)).rejects.toMatchObject({ status: 429, retryAfterSeconds: 3_600 });
  at(DECEMBER - 90_000);
  await expect(months[0].isOver(shop)).rejects.toMatchObject({ retryAfterSeconds: 90 });
  at(DECEMBER);
  for (const process of months) expect(await process.isOver(shop)).toBe(false);
  expect(await months[0].used("shop")).toBe(0);
});

test("one that chose to go on recording is told so, one without a quota costs nothing, and one with a larger one is let in", async () => {
  const { months, record, asked } = setUp();
  expect(await months[0].isOver({ id: "shop" })).toBe(false);
  expect(asked).toEqual([]);
  record(100);
  expect(await months[0].isOver({ ...shop, beyondQuota: "record" })).toBe(true);
  expect(await months[0].isOver({ ...shop, eventsPerMonth: 101 })).toBe(false);
});

test("hours that are over are summed up once for all processes; then the last ones are read, every ten seconds", async () => {
  const { months, record, asked, pass } = setUp(2);
  for (let hour = 0; hour < 48; hour++) {
    record(1);
    pass(HOUR);
  }
  for (const process of months) for (let n = 0; n < 5; n++) expect(await process.used("shop")).toBe(48);
  expect(asked.filter((hours) => hours > 4)).toHaveLength(1);
  expect(asked).toHaveLength(3);
  record(5);
  expect(await months[0].used("shop")).toBe(48);
  pass(10_000);
  expect(await months[0].used("shop")).toBe(53);
});

test("counts that cannot be had refuse nobody", async () => {
  const { months, record, registry } = setUp();
  record(1_000);
  registry.get = () => Promise.reject(new Error("down"));
  expect(await months[0].isOver(shop)).toBe(false);
});
