import type { JsonObject } from "@millrace/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestApp, withForcedFilter, type TestApp } from "../../../test/setup.ts";
import { VISITOR_DAYS_NOTE } from "../notes.ts";

let t: TestApp;
beforeAll(async () => {
  t = await createTestApp();
  await record(t);
});
afterAll(() => t.close());

async function record(app: TestApp): Promise<void> {
  const did = (user: string, what: string, plan = "free", at = "2021-03-10T10:00:00Z") => ({
    collection: what,
    at,
    properties: { user, plan },
    context: { visitor: user },
  });
  await app.record(
    did("ann", "visits"),
    did("bob", "visits"),
    did("cid", "visits", "pro"),
    did("ann", "orders", "pro"),
    did("bob", "orders", "free", "2021-03-08T10:00:00Z"),
    did("ann", "refunds"),
  );
}

const step = (event_collection: string, more: JsonObject = {}) => ({
  event_collection,
  actor_property: "user",
  ...more,
});
const ask = (parameters: JsonObject, app = t) => app.query("funnel", { event_collection: null, ...parameters });

describe("Keen's funnel", () => {
  test("answers the count of each step, and the steps as they were asked", async () => {
    const { status, body } = await ask({ steps: [step("visits"), step("orders"), step("refunds")] });
    const echo = { timeframe: null, timezone: null, filters: [], inverted: false, optional: false, with_actors: false };
    expect([status, body]).toEqual([
      200,
      {
        result: [3, 2, 1],
        steps: ["visits", "orders", "refunds"].map((name) => ({ ...step(name), ...echo })),
      },
    ]);
  });

  test("inverted, optional and with_actors, with an entry for each step", async () => {
    const steps = [
      step("visits"),
      step("orders", { inverted: true, with_actors: true }),
      step("refunds", { optional: "true" }),
    ];
    expect((await ask({ steps })).body).toMatchObject({ result: [3, 1, 0], actors: [null, ["cid"], null] });
  });

  test("a step's own time and filters win over those of the whole", async () => {
    const own = {
      timeframe: "previous_3_days",
      filters: [{ property_name: "plan", operator: "eq", property_value: "free" }],
    };
    const { body } = await ask({ timeframe: "today", steps: [step("visits"), step("orders", own)] });
    expect(body).toMatchObject({ result: [3, 1], steps: [{ timeframe: "today" }, own] });
    expect((await ask({ timeframe: "today", steps: [step("visits"), step("orders")] })).body.result).toEqual([3, 1]);
  });

  test("steps as JSON text, with a step's timeframe as JSON text inside, by POST and by GET", async () => {
    const timeframe = JSON.stringify({ start: "2021-03-10T00:00:00Z", end: "2021-03-11T00:00:00Z" });
    const steps = JSON.stringify([
      step("visits", { timeframe, timezone: null }),
      { ...step("orders"), actor_property: ["user"] },
    ]);
    expect((await ask({ steps })).body.result).toEqual([3, 2]);
    const { body } = await t.get<{ result: unknown }>(`/queries/funnel?steps=${encodeURIComponent(steps)}`);
    expect(body.result).toEqual([3, 2]);
  });

  test("in a batch, beside others", async () => {
    const response = await t.app.request(`${t.shop.url}/queries/batch`, {
      method: "POST",
      headers: { Authorization: t.shop.readKey },
      body: JSON.stringify({ queries: { f: { analysis_type: "funnel", steps: [step("visits"), step("orders")] } } }),
    });
    expect(await response.json()).toMatchObject({ result: { f: { result: [3, 2] } } });
  });

  test("include_metadata counts the events of all steps, each look once", async () => {
    const { body } = await ask({ include_metadata: true, steps: [step("visits"), step("orders"), step("visits")] });
    expect(body.execution_metadata).toMatchObject({ events_scanned: 5, properties_per_event: 1 });
  });

  test("visitors of several days are visitor-days, and it says so", async () => {
    const by = { actor_property: "$visitor" };
    const long = await ask({ timeframe: "this_3_days", steps: [{ ...step("visits"), ...by }] });
    expect(long.body.meta).toMatchObject({ notes: [VISITOR_DAYS_NOTE] });
    expect((await ask({ timeframe: "today", steps: [{ ...step("visits"), ...by }] })).body).not.toHaveProperty("meta");
  });

  test("an unknown collection is named; nothing but unknown ones is 404", async () => {
    const { body } = await ask({ steps: [step("visits"), step("nope")] });
    expect(body).toMatchObject({ result: [3, 0], meta: { notes: ['There is no collection "nope" yet.'] } });
    expect((await ask({ steps: [step("nope")] })).status).toBe(404);
  });

  test.each<[message: RegExp, parameters: JsonObject]>([
    [/^steps is required/, {}],
    [/at least one step/, { steps: [] }],
    [/at most 20 steps/, { steps: Array.from({ length: 100 }, () => step("visits")) }],
    [/must be a list of steps/, { steps: "visits" }],
    [/^steps\[0\] must be an object/, { steps: ["visits"] }],
    [/^steps\[1\]\.actor_property/, { steps: [step("visits"), { event_collection: "orders" }] }],
    [/^steps\[0\] cannot be inverted/, { steps: [step("visits", { inverted: true })] }],
    [/^steps\[0\] cannot be optional/, { steps: [step("visits", { optional: true })] }],
    [/^steps\[0\]: timeframe "never" is not known/, { steps: [step("visits", { timeframe: "never" })] }],
    [/^steps\[1\]: filters\[0\]/, { steps: [step("visits"), step("visits", { filters: [{}] })] }],
    [
      /"invert" is not a parameter of steps\[0\]\. Did you mean "inverted"/,
      { steps: [step("visits", { invert: true })] },
    ],
    [/"group_by" is not a parameter of funnel/, { steps: [step("visits")], group_by: "plan" }],
    [
      /actor_property needs a text, a number or a boolean/,
      { steps: [{ ...step("visits"), actor_property: "keen.timestamp" }] },
    ],
  ])("%s", async (message, parameters) => {
    const { status, body } = await ask(parameters);
    expect([status, body.message]).toEqual([400, expect.stringMatching(message)]);
  });

  test("JSON text that is nested without end is refused, not walked", async () => {
    const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    expect((await ask({ steps: [step("visits", { filters: deep })] })).body.message).toMatch(
      /nested more than 30 deep/,
    );
  });
});

test("a key's forced filter holds in every step, whatever the steps ask", async () => {
  const forced = await createTestApp((deps) => withForcedFilter(deps, { kind: "eq", field: "plan", value: "pro" }));
  await record(forced);
  const everything = [{ operator: "or", operands: [{ property_name: "plan", operator: "ne", property_value: "x" }] }];
  const filters = { filters: everything };
  const steps = [step("visits", filters), step("orders", { ...filters, inverted: true, with_actors: true })];
  expect((await ask({ steps }, forced)).body).toMatchObject({ result: [1, 1], actors: [null, ["cid"]] });
  const all = [step("orders", { with_actors: true }), step("visits", { optional: true, with_actors: true })];
  expect((await ask({ steps: all }, forced)).body).toMatchObject({ result: [1, 0], actors: [["ann"], []] });
  await forced.close();
});
