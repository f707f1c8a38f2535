import type { RunOptions } from "@millrace/core";
import { expect, test } from "vitest";
import { createTestApp } from "../../test/setup.ts";

test("what is left of the platform's time goes down to the store, and its end is a 504 of ours", async () => {
  const given: RunOptions[] = [];
  const t = await createTestApp((deps) => ({
    ...deps,
    timeLeft: () => 500,
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
  expect(given[0]?.timeoutMs).toBeLessThanOrEqual(500);
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
