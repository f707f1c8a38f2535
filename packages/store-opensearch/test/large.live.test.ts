import { nearestRank, type StoredEvent } from "@millrace/core";
import { extractionPlan, metricPlan, newProject, orderedFunnelPlan, storedEvent } from "@millrace/core/contract";
import { createSqliteRegistry } from "@millrace/access";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CLOCK, testStore } from "./support.ts";

// Enough events that answers come in pages, percentiles by bisection, and (in a store that says so) measures by sketches.
const EVENTS = 24_000;
const HOUR = 3_600_000;
const clock = CLOCK;
const registry = createSqliteRegistry({ path: ":memory:", clock });
const store = testStore({ registry, clock });
const sketching = testStore({ registry, clock, prefix: store.prefix, exactValues: 500, exactUnique: 500 });
/** Pages of a thousand rows. */
const walking = testStore({ registry, clock, prefix: store.prefix, actorRowsAtOnce: 4_000 });
const project = newProject();
let values: number[];

beforeAll(async () => {
  await store.prepare();
  const events = Array.from({ length: EVENTS }, (_, i): StoredEvent => {
    // Many repeated values, negative ones, and a long tail.
    const value = i % 3 === 0 ? i % 50 : ((i * 7919) % EVENTS) ** 2 / 1000 - 5_000;
    return storedEvent({
      project,
      // August lies in `other`, the other months have indexes of their own.
      timestamp: Date.UTC(2026, 7 + (i % 4), 10) + (i % 48) * HOUR,
      // Every millisecond around 1970, so that there are more times than fit one page, and before and after zero.
      receivedAt: i - EVENTS / 2,
      ordinal: i,
      context: { visitor: `visitor-${i % 7_000}` },
      properties: { value, half: i % 2 },
    });
  });
  values = events.map(({ flat }) => flat.numbers["value"] as number).sort((a, b) => a - b);
  const outcomes = await store.append(events);
  expect(outcomes.every(({ kind }) => kind === "stored")).toBe(true);
  await store.refresh();
});

afterAll(async () => {
  await store.remove();
  await Promise.all([store.close(), sketching.close(), walking.close()]);
  await registry.close();
});

test("percentiles over more events than are read one by one are exact, at every rank", async () => {
  const percentiles = [0, 0.01, 7, 25, 33.33, 50, 66.67, 90, 99.99, 100];
  const measures = percentiles.map((percentile) => ({ kind: "percentile", field: "value", percentile }) as const);
  const { rows, exact } = await store.metric(metricPlan(project, { measures }));
  expect(rows[0]?.values).toEqual(percentiles.map((p) => values[nearestRank(p, EVENTS) - 1]));
  expect(exact).toBe(true);
});

test("actors whose rows come in many pages, each a part of the events, are all met, and once", async () => {
  const steps = [{}, { filter: { kind: "eq", field: "half", value: 1 } }] as const;
  const plan = orderedFunnelPlan(project, { steps: steps.map((step) => ({ ...step, actor: "$visitor" })) });
  expect((await walking.orderedFunnel(plan)).total.counts).toEqual([7_000, 3_500]);
});

test("groups and distinct values beyond one page are all there", async () => {
  const { rows } = await store.metric(metricPlan(project, { groupBy: ["$visitor"] }));
  expect(rows).toHaveLength(7_000);
  expect(rows.reduce((sum, row) => sum + (row.values[0] as number), 0)).toBe(EVENTS);
  const unique = await store.metric(metricPlan(project, { measures: [{ kind: "count_unique", field: "$visitor" }] }));
  expect([unique.rows[0]?.values[0], unique.exact]).toEqual([7_000, true]);
});

test("times beyond one page are all there, as numbers", async () => {
  const times = Array.from({ length: EVENTS }, (_, i) => i - EVENTS / 2);
  const { rows } = await store.metric(metricPlan(project, { groupBy: ["keen.created_at"] }));
  expect(rows.map(({ group }) => group[0] as number).sort((a, b) => a - b)).toEqual(times);
  const listed = await store.metric(
    metricPlan(project, { measures: [{ kind: "select_unique", field: "keen.created_at" }] }),
  );
  expect(listed.rows[0]?.values[0]).toEqual(times);
});

test("an extraction of many pages has every event once, in order", async () => {
  const { events } = await store.extract(extractionPlan(project));
  expect(new Set(events.map(({ id }) => id)).size).toBe(EVENTS);
  expect(events.every((event, i) => i === 0 || (events[i - 1]?.timestamp ?? 0) <= event.timestamp)).toBe(true);
});

test("what is estimated says so, and stays within the error it states", async () => {
  const measures = [
    { kind: "count_unique", field: "$visitor" },
    { kind: "percentile", field: "value", percentile: 50 },
  ] as const;
  const plain = await sketching.metric(metricPlan(project, { measures }));
  expect(plain.exact).toBe(false);
  expect(plain.notes).toHaveLength(1); // The plain percentile is exact by bisection.
  expect(Math.abs((plain.rows[0]?.values[0] as number) / 7_000 - 1)).toBeLessThan(0.06);
  expect(plain.rows[0]?.values[1]).toBe(values[nearestRank(50, EVENTS) - 1]);

  const grouped = await sketching.metric(metricPlan(project, { measures, groupBy: ["half"] }));
  expect([grouped.exact, grouped.notes.length]).toEqual([false, 2]);
  for (const row of grouped.rows) {
    const own = values.length / 2;
    expect(Math.abs((row.values[0] as number) / 3_500 - 1)).toBeLessThan(0.06);
    const below = values.filter((value) => value <= (row.values[1] as number)).length / 2;
    expect(Math.abs(below / own - 0.5)).toBeLessThan(0.05);
  }
  await expect(
    sketching.metric(metricPlan(project, { measures: [{ kind: "select_unique", field: "$visitor" }] })),
  ).rejects.toMatchObject({ code: "TooManyResultsError" });
});

test("a query past its time is an error, not a smaller answer", async () => {
  await expect(store.metric(metricPlan(project), { timeoutMs: 0 })).rejects.toMatchObject({ code: "QueryTimeout" });
  const controller = new AbortController();
  const reason = new Error("gone");
  const asked = store.extract(extractionPlan(project), { signal: controller.signal });
  controller.abort(reason);
  await expect(asked).rejects.toBe(reason);
});
