import type { RunOptions } from "@millrace/core";
import { expect, test } from "vitest";
import { createTestApp } from "../../test/setup.ts";

/** Enough to reach the store on a busy machine too. */
const LEFT_MS = 500;

test("what is left of the platform's time goes down to the store, and its end is a 504 of ours", async () => {
  const given: RunOptions[] = [];
  const t = await createTestApp((deps) => ({
    ...deps,
    timeLeft: () => LEFT_MS,
    ledger: { hours: () => new Promise(() => {}), turnedAway: async () => [] },
    source: {
      ...deps.source,
      // A store that hangs: it does not even listen.
      metric: (_plan, options) => {
        given.push(options ?? {});
        return new Promise(() => {});
      },
      snapshot: undefined as never,
    },
  }));
  await t.record({});
  const answer = await t.query("count");
  expect([answer.status, answer.body.error_code]).toEqual([504, "QueryTimeout"]);
  expect(given[0]?.timeoutMs).toBeLessThanOrEqual(LEFT_MS);
  expect(given[0]?.signal?.aborted).toBe(true);
  expect((await t.get("/ledger")).status).toBe(504);
  const batch = await t.app.request(`${t.shop.url}/queries/batch`, {
    method: "POST",
    headers: { Authorization: t.shop.readKey },
    body: JSON.stringify({ queries: { n: { analysis_type: "count", event_collection: "purchases" } } }),
  });
  expect(batch.status).toBe(504);
  await t.close();
});

const VIEWS = { event_collection: "views" };
const STEP = { ...VIEWS, actor_property: "user" };
const DAY = { timeframe: "today" };
test.each([
  ["funnel", { steps: [STEP, STEP] }],
  ["funnel", { ordered: true, steps: [STEP, STEP] }],
  ["retention", { ...DAY, actor_property: "user", interval: "daily", first: VIEWS }],
  ["paths", { ...VIEWS, ...DAY, step_property: "$page.path" }],
])("%s about actors too: %j", async (analysis, parameters) => {
  const given: RunOptions[] = [];
  const hangs = (_: unknown, options?: RunOptions) => {
    given.push(options ?? {});
    return new Promise<never>(() => {});
  };
  const t = await createTestApp((deps) => ({
    ...deps,
    timeLeft: () => LEFT_MS,
    source: { ...deps.source, funnel: hangs, orderedFunnel: hangs, retention: hangs, paths: hangs },
  }));
  await t.record({ collection: "views", properties: { user: "ann" }, context: { page_path: "/", visit_id: "v" } });
  const answer = await t.query(analysis, { event_collection: null, ...parameters });
  expect([answer.status, answer.body.error_code]).toEqual([504, "QueryTimeout"]);
  expect(given.length).toBe(1);
  expect(given[0]?.signal?.aborted).toBe(true);
  await t.close();
});
