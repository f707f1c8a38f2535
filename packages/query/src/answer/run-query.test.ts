import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestApp, NOW, withForcedFilter, type TestApp } from "../../test/setup.ts";
import { VISITOR_DAYS_NOTE } from "./notes.ts";

let t: TestApp;
beforeAll(async () => {
  t = await createTestApp();
  await t.record(
    { at: "2021-03-08T23:30:00Z", context: { visitor: "v1", bot_is: false } },
    { at: "2021-03-09T10:00:00Z", context: { visitor: "v2", bot_is: true } },
    { at: "2021-03-10T10:00:00Z", context: { visitor: "v3", bot_is: false } },
  );
});
afterAll(() => t.close());

describe("what an answer says about itself", () => {
  test("nothing, unless asked or there is something to say", async () => {
    expect(Object.keys((await t.query("count")).body)).toEqual(["result"]);
  });

  test("include_metadata adds how long it took and how to read it; only what is known", async () => {
    const { body } = await t.query("count", { include_metadata: true, timezone: "us/pacific" });
    expect(body).toEqual({
      result: 3,
      meta: {
        exact: true,
        notes: [],
        timezone: expect.stringMatching(/Los_Angeles|US\/Pacific/),
        age: 0,
        query: expect.objectContaining({ analysis_type: "count", timezone: "America/Los_Angeles" }) as object,
        events: 3,
        engine_ms: expect.any(Number) as number,
      },
      execution_metadata: {
        total_processing_time: expect.any(Number) as number,
        events_scanned: 3,
        properties_per_event: 0,
        total_properties_scanned: 0,
      },
    });
  });

  test("unique visitors over several days are visitor-days, and it says so", async () => {
    const visitors = { target_property: "$visitor", timeframe: "this_3_days" };
    const { body } = await t.query("count_unique", visitors);
    expect(body).toEqual({ result: 3, meta: { exact: true, notes: [VISITOR_DAYS_NOTE], timezone: "UTC" } });
  });

  test("not for single days, nor for other analyses", async () => {
    const visitors = { target_property: "$visitor", timeframe: "this_3_days" };
    expect(await t.query("count_unique", { ...visitors, interval: "daily" })).not.toHaveProperty("body.meta");
    expect(await t.query("count_unique", { ...visitors, timeframe: "today" })).not.toHaveProperty("body.meta");
    expect(await t.query("count", { timeframe: "this_3_days", group_by: "$visitor" })).not.toHaveProperty("body.meta");
  });

  test("an approximate answer says so, asked or not", async () => {
    const rough = await createTestApp((deps) => ({
      ...deps,
      source: {
        ...deps.source,
        metric: async () => ({ rows: [], exact: false, notes: ["count_unique is within 2 %."] }),
      },
    }));
    await rough.record({});
    const { body } = await rough.query("count_unique", { target_property: "x" });
    expect(body).toEqual({
      result: 0,
      meta: { exact: false, notes: ["count_unique is within 2 %."], timezone: "UTC" },
    });
    await rough.close();
  });
});

test("bots: all, none or only them", async () => {
  const count = async (bots: string) => (await t.query("count", { bots })).body.result;
  expect([await count("include"), await count("exclude"), await count("only")]).toEqual([3, 2, 1]);
});

test("relative timeframes look from the server's clock, in the zone asked", async () => {
  const count = async (parameters: object) => (await t.query("count", parameters)).body.result;
  expect(new Date(NOW).toISOString()).toBe("2021-03-10T12:00:00.000Z");
  expect(await count({ timeframe: "today" })).toBe(1);
  expect(await count({ timeframe: "yesterday" })).toBe(1);
  expect(await count({ timeframe: "yesterday", timezone: 3600 })).toBe(2);
  expect(await count({ timeframe: "previous_2_days" })).toBe(2);
  expect(await count({ timeframe: "this_2_days" })).toBe(2);
  expect(await count({})).toBe(3);
});

describe("collections", () => {
  test("an unknown one is 404, as Keen had it", async () => {
    expect(await t.query("count", { event_collection: "nope" })).toEqual({
      status: 404,
      body: { error_code: "ResourceNotFoundError", message: "Resource not found. There is no such event collection." },
    });
  });

  test("in a list one known is enough; the others are named", async () => {
    const { body } = await t.query("count", { event_collection: ["nope", "purchases"] });
    expect(body).toEqual({
      result: 3,
      meta: { exact: true, notes: ['There is no collection "nope" yet.'], timezone: "UTC" },
    });
  });
});

describe("walls", () => {
  test("no parameter reaches another project's rows", async () => {
    const other = await t.createProject("Other");
    await t.recordIn(other, { collection: "secrets", properties: { secret: "s" } }, { properties: { secret: "s" } });
    const attempts: object[] = [
      { event_collection: "secrets" },
      { event_collection: ["purchases", "secrets"], group_by: "secret" },
      { project: other.id, project_id: other.id },
      { filters: [{ property_name: "project", operator: "eq", property_value: other.id }] },
      {
        filters: [
          { operator: "or", operands: [{ property_name: "secret", operator: "exists", property_value: true }] },
        ],
      },
      { filters: [{ operator: "not", operands: [{ property_name: "x", operator: "exists", property_value: true }] }] },
      { group_by: ["project", "secret"] },
      { api_key: other.readKey, group_by: "secret" },
    ];
    for (const attempt of attempts) {
      for (const analysis of ["count", "extraction"]) {
        const { group_by, ...rest } = { group_by: undefined, ...attempt };
        const { body } = await t.query(analysis, analysis === "count" ? attempt : rest);
        expect(JSON.stringify(body.result ?? null), JSON.stringify({ attempt, group_by })).not.toContain('"s"');
        if (typeof body.result === "number") expect(body.result).toBeLessThanOrEqual(3);
      }
    }
    const { status } = await t.get(`/../${other.id}/queries/count?event_collection=purchases`);
    expect(status).toBe(401);
    expect((await t.get<{ name: string }[]>("/events")).body.map((collection) => collection.name)).toEqual([
      "purchases",
    ]);
  });

  test("a key's forced filter stays outside of the caller's filters, in every analysis", async () => {
    const forced = await createTestApp((deps) =>
      withForcedFilter(deps, { kind: "eq", field: "tenant", value: "mine" }),
    );
    await forced.record({ properties: { tenant: "mine", n: 1 } }, { properties: { tenant: "theirs", n: 100 } });
    const everything = [
      {
        operator: "or",
        operands: [
          { property_name: "tenant", operator: "ne", property_value: "mine" },
          { property_name: "tenant", operator: "eq", property_value: "mine" },
        ],
      },
    ];
    const target = { target_property: "n", filters: everything };
    expect((await forced.query("sum", target)).body.result).toBe(1);
    expect((await forced.query("count", { group_by: "tenant" })).body.result).toEqual([{ tenant: "mine", result: 1 }]);
    expect((await forced.query("extraction", { property_names: "n" })).body.result).toEqual([{ n: 1 }]);
    const analyses = { all: { analysis_type: "maximum", ...target } };
    expect((await forced.query("multi_analysis", { analyses })).body.result).toEqual({ all: 1 });
    expect((await forced.get("/ledger")).status).toBe(401);
    await forced.close();
  });
});

describe("properties beyond the quota", () => {
  let small: TestApp;
  beforeAll(async () => {
    small = await createTestApp(undefined, 2);
    await small.record({ properties: { plan: "pro", price: 5 } });
    await small.record({ properties: { plan: 7, price: 7, late: 1 } }, { properties: { late: "x", price: 2 } });
  });
  afterAll(() => small.close());
  const note = (path: string) =>
    `Values of "${path}" from 2021-03-01 until 2021-04-01 may be missing: they came beyond the quota of indexed properties, where only eq and in find them.`;
  const eq = (property_name: string, property_value: string | number) => ({
    filters: [{ property_name, operator: "eq", property_value }],
  });

  test("are found by equality, which is exact and says nothing", async () => {
    for (const [path, value] of [["late", 1] as const, ["late", "x"] as const, ["plan", 7] as const]) {
      expect((await small.query("count", eq(path, value))).body).toEqual({ result: 1 });
    }
    expect((await small.query("extraction", eq("late", 1))).body).toMatchObject({
      result: [{ plan: 7, price: 7, late: 1 }],
    });
  });

  test("refuse what equality cannot answer, when none of their values is typed", async () => {
    const { status, body } = await small.query("sum", { target_property: "late" });
    expect([status, body.message]).toEqual([400, expect.stringContaining('"late"')]);
    const before = { timeframe: { start: "2021-01-01", end: "2021-03-01" } };
    expect((await small.query("sum", { target_property: "late", ...before })).status).toBe(200);
  });

  test("with some values typed, the answer leaves the others out and says so, extractions and counts alike", async () => {
    const { body } = await small.query("count", { group_by: "plan", order_by: { property_name: "plan" } });
    expect(body).toEqual({
      result: [
        { plan: null, result: 2 },
        { plan: "pro", result: 1 },
      ],
      meta: { exact: false, notes: [note("plan")], timezone: "UTC" },
    });
    const exists = { filters: [{ property_name: "plan", operator: "exists", property_value: true }] };
    expect((await small.query("extraction", exists)).body).toMatchObject({
      result: [{ plan: "pro" }],
      meta: { exact: false, notes: [note("plan")] },
    });
  });

  test("do not touch the answers about other properties", async () => {
    expect((await small.query("sum", { target_property: "price" })).body).toEqual({ result: 14 });
  });

  test("show in the project's description", async () => {
    const { body } = await small.get<Record<string, unknown>>("");
    expect(body["property_quota"]).toEqual({ used: 2, limit: 2, full: true, refused_in: ["202103"] });
  });
});

describe("the question as it was understood", () => {
  const filters = [
    { property_name: "price", operator: "gte", property_value: 1 },
    {
      operator: "or",
      operands: [
        { property_name: "place", operator: "within", property_value: { coordinates: [1, 2], max_distance_miles: 5 } },
        { property_name: "price", operator: "in", property_value: [10, "x"] },
        { operator: "not", operands: [{ property_name: "plan", operator: "regex", property_value: "^a" }] },
        { property_name: "plan", operator: "not_contains", property_value: "b" },
        { property_name: "plan", operator: "exists", property_value: false },
      ],
    },
  ];
  const bins = { property_name: "price", alias: "tens", buckets: { size: 10 } };
  const ranges = { property_name: "price", ranges: [{ to: 10, alias: "low" }, { from: 10 }] };

  test.each<[analysis: string, parameters: object]>([
    ["count", {}],
    [
      "median",
      { target_property: "price", timeframe: "this_2_weeks", timezone: "Europe/Berlin", interval: "every_2_days" },
    ],
    ["count", { timeframe: { start: "2021-03-01T00:00:00+05:00", end: "2021-03-12T00:00:00Z" }, interval: "daily" }],
    ["percentiles", { target_property: "price", percentiles: [5, 95], group_by: [bins, ranges, "plan"], filters }],
    [
      "average",
      { target_property: "price", group_by: "plan", order_by: "result", limit: 1, other: "rest", bots: "exclude" },
    ],
    ["sum", { target_property: "price", timeframe: "today", compare_to: "previous_year", interval: "hourly" }],
    [
      "count",
      { timeframe: "today", compare_to: { start: "2021-03-01", end: "2021-03-02" }, time_property: "$visit.start" },
    ],
    [
      "multi_analysis",
      {
        analyses: {
          a: { analysis_type: "count", filters },
          b: { analysis_type: "percentile", target_property: "price", percentile: 1 },
        },
      },
    ],
    ["extraction", { timeframe: "this_week", latest: 3, property_names: ["price"], standard_fields: true }],
  ])("%s %j is the same question again, whenever it is asked", async (analysis, parameters) => {
    const first = await t.query(analysis, { ...parameters, include_metadata: true });
    expect(first.status).toBe(200);
    const { query } = first.body.meta as { query: { analysis_type: string } };
    expect(query.analysis_type).toBe(analysis);
    const again = await t.query(analysis, { ...query, include_metadata: true });
    expect(again.body).toMatchObject({ result: first.body.result, meta: { query } });
  });

  test("holds nothing of what a key adds by itself", async () => {
    const forced = await createTestApp((deps) =>
      withForcedFilter(deps, { kind: "eq", field: "tenant", value: "secret" }),
    );
    await forced.record({ properties: { tenant: "secret" } });
    expect(JSON.stringify((await forced.query("count", { include_metadata: true })).body)).not.toContain("secret");
    await forced.close();
  });
});
