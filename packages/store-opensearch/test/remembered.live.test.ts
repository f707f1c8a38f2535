import { createSqliteRegistry } from "@millrace/access";
import type { DeleteWhere } from "@millrace/core";
import { evaluateMetric, metricPlan, newProject, storedEvent } from "@millrace/core/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CLOCK, openSearchUrl, testStore } from "./support.ts";

// What an index answered is remembered by the server, until something is written to it: a dashboard reads its open period alone.
const registry = createSqliteRegistry({ path: ":memory:", clock: CLOCK });
/** Everything is estimated, as of a large project. */
const store = testStore({ registry, clock: CLOCK, exactUnique: 0 });
const project = newProject();
const [SEPTEMBER, OCTOBER] = [Date.UTC(2026, 8, 10), Date.UTC(2026, 9, 10)];
const at = (timestamp: number, visitor: string) => storedEvent({ project, timestamp, context: { visitor } });
const events = [at(SEPTEMBER, "a"), at(SEPTEMBER, "b"), at(OCTOBER, "b"), at(OCTOBER, "c")];
const plan = metricPlan(project, {
  measures: [{ kind: "count" }, { kind: "count_unique", field: "$visitor" }],
  timeframe: { kind: "absolute", start: Date.UTC(2026, 8, 1), end: Date.UTC(2026, 11, 1) },
  interval: { kind: "calendar", unit: "day" },
});

beforeAll(async () => {
  await store.prepare();
  await write(events);
});
afterAll(async () => {
  await store.remove();
  await store.close();
  await registry.close();
});

async function write(some: typeof events): Promise<void> {
  await store.append(some);
  await store.refresh();
}

/** Answers of the months' indexes that were remembered so far. */
async function remembered(): Promise<readonly number[]> {
  const answer = await fetch(`${openSearchUrl()}/${store.prefix}-events-*/_stats/request_cache`);
  const { indices } = (await answer.json()) as {
    indices: Record<string, { total: { request_cache: { hit_count: number } } }>;
  };
  return ["202609", "202610"].map((month) => {
    const [, index] = Object.entries(indices).find(([name]) => name.includes(month)) ?? [];
    return index?.total.request_cache.hit_count ?? Number.NaN;
  });
}

let patience = 29_000;
/** Which of the months' indexes did not have to be read for an answer, which must be right. */
async function answeredBy(): Promise<readonly boolean[]> {
  const before = await remembered();
  // Whoever asks has some other time left.
  const { rows } = await store.metric(plan, { timeoutMs: patience-- });
  expect(rows).toEqual(expect.arrayContaining([...evaluateMetric(plan, events).rows]));
  expect(rows.flatMap(({ values }) => values[0] as number).reduce((sum, count) => sum + count, 0)).toBe(events.length);
  const after = await remembered();
  return after.map((hits, i) => hits > (before[i] ?? 0));
}

test("an index that nothing was written to is not read again, and what was written, late or deleted is seen", async () => {
  await answeredBy();
  expect(await answeredBy()).toEqual([true, true]);
  events.push(at(OCTOBER, "d"));
  await write(events.slice(-1));
  expect(await answeredBy()).toEqual([true, false]);
  expect(await answeredBy()).toEqual([true, true]);
  events.push(at(SEPTEMBER + 1, "late"));
  await write(events.slice(-1));
  expect(await answeredBy()).toEqual([false, true]);
  const where: DeleteWhere = { project, visitor: "d", receivedBefore: Number.MAX_SAFE_INTEGER };
  await store.deleteWhere(where);
  await store.refresh();
  events.splice(
    events.findIndex(({ context }) => context.visitor === "d"),
    1,
  );
  expect(await answeredBy()).toEqual([true, false]);
});
