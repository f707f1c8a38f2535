import { createSqliteRegistry } from "@millrace/access";
import { createPartitions, mintId, tableOfStore } from "@millrace/core";
import { extractionPlan, metricPlan, newProject, storedEvent } from "@millrace/core/contract";
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openSearchUrl, testStore } from "./support.ts";

// Age: three years of partitions, all but one of them empty, as a store has them that is not new any more.
const MONTHS = 36;
let now = Date.UTC(2024, 0, 10);
const clock = { now: () => now };
const registry = createSqliteRegistry({ path: ":memory:", clock });
const store = testStore({ clock, registry });
const project = newProject();
const DAY = 86_400_000;

beforeAll(async () => {
  // Every second month: prepare makes two ahead.
  for (let month = 0; month < MONTHS; month += 2) {
    now = Date.UTC(2024, month, 10);
    await store.prepare();
  }
  const table = await createPartitions(registry, tableOfStore(store.prefix), clock).read();
  expect(table.months.length).toBeGreaterThanOrEqual(MONTHS);
  const events = Array.from({ length: 700 }, (_, n) =>
    storedEvent({
      project,
      id: mintId(now, randomBytes(10)),
      timestamp: now - (n % 5) * DAY,
      context: { visitor: `v${n % 40}` },
    }),
  );
  expect((await store.append(events)).every(({ kind }) => kind === "stored")).toBe(true);
  await store.refresh();
});
afterAll(async () => {
  await store.remove();
  await store.close();
});

/** Contexts of snapshots on this store's shards: ever, and now. */
async function contexts(): Promise<{ total: number; current: number }> {
  const answer = await fetch(`${openSearchUrl()}/${store.prefix}-*/_stats/search`);
  const { _all } = (await answer.json()) as {
    _all: { primaries: { search: { point_in_time_total: number; point_in_time_current: number } } };
  };
  const { search } = _all.primaries;
  return { total: search.point_in_time_total, current: search.point_in_time_current };
}

const week = () => ({ kind: "absolute" as const, start: now - 6 * DAY, end: now + 1 });

test("twenty people look at the unique visitors of a week at once: each is answered, and no snapshot is made", async () => {
  const before = await contexts();
  const plan = metricPlan(project, {
    measures: [{ kind: "count_unique", field: "$visitor" }, { kind: "count" }],
    timeframe: week(),
  });
  // Thirteen of them on a page.
  const answers = await Promise.all(Array.from({ length: 20 * 13 }, () => store.metric(plan)));
  for (const { rows, exact } of answers) expect([rows[0]?.values, exact]).toEqual([[40, 700], true]);
  expect(await contexts()).toEqual(before);
});

test("a percentile of few values makes none either", async () => {
  const before = await contexts();
  const plan = metricPlan(project, { measures: [{ kind: "percentile", field: "$engaged_ms", percentile: 50 }] });
  await store.metric(plan);
  expect(await contexts()).toEqual(before);
});

test("an answer of several pages holds the partitions of its time, not those of three years, and lets go of them", async () => {
  const before = await contexts();
  const { events } = await store.extract(extractionPlan(project, { timeframe: week() }));
  expect(new Set(events.map(({ id }) => id)).size).toBe(700);
  const after = await contexts();
  expect(after.total - before.total).toBe(1);
  expect(after.current).toBe(before.current);
});

test("also without a timeframe: partitions that hold nothing are not opened", async () => {
  const before = await contexts();
  const { events } = await store.extract(extractionPlan(project));
  expect(events).toHaveLength(700);
  expect((await contexts()).total - before.total).toBe(1);
});
