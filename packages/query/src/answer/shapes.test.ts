import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestApp, type TestApp } from "../../test/setup.ts";

let t: TestApp;
beforeAll(async () => {
  t = await createTestApp();
  await t.record(
    { at: "2021-03-01T10:00:00Z", properties: { price: 10, country: "PL", device: { os: "iOS" }, user: "a" } },
    { at: "2021-03-01T11:00:00Z", properties: { price: 20, country: "US", device: { os: "iOS" }, user: "b" } },
    { at: "2021-03-03T09:00:00Z", properties: { price: "free", country: null, user: "a", tags: ["x", "y"] } },
    { collection: "refunds", at: "2021-03-02T00:00:00Z", properties: { price: 5 } },
  );
});
afterAll(() => t.close());

const THREE_DAYS = { start: "2021-03-01", end: "2021-03-04" };
const day = (n: number, value: unknown) => ({
  value,
  timeframe: { start: `2021-03-0${n}T00:00:00.000Z`, end: `2021-03-0${n + 1}T00:00:00.000Z` },
});

describe("every analysis, plain", () => {
  test.each([
    ["count", {}, 3],
    ["count_unique", { target_property: "user" }, 2],
    ["sum", { target_property: "price" }, 30],
    ["average", { target_property: "price" }, 15],
    ["minimum", { target_property: "price" }, 10],
    ["maximum", { target_property: "price" }, 20],
    ["median", { target_property: "price" }, 10],
    ["percentile", { target_property: "price", percentile: 50 }, 10],
    ["percentile", { target_property: "price", percentile: 100 }, 20],
    ["percentile", { target_property: "price", percentile: 0 }, 10],
    ["standard_deviation", { target_property: "price" }, 5],
    ["select_unique", { target_property: "price" }, [10, 20, "free"]],
    ["select_unique", { target_property: "country" }, ["PL", "US"]],
    ["select_unique", { target_property: "tags" }, [["x", "y"]]],
  ])("%s %j is %j, and the answer has nothing else in it", async (analysis, parameters, result) => {
    expect(await t.query(analysis, parameters)).toEqual({ status: 200, body: { result } });
  });

  test.each([
    ["count", 0],
    ["count_unique", 0],
    ["sum", 0],
    ["average", null],
    ["minimum", null],
    ["maximum", null],
    ["median", null],
    ["standard_deviation", null],
    ["select_unique", []],
  ])("%s of a property nobody has is not an error: %j", async (analysis, empty) => {
    const filters = [{ property_name: "never", operator: "exists", property_value: true }];
    expect(await t.query(analysis, { target_property: "never", filters })).toEqual({
      status: 200,
      body: { result: empty },
    });
  });
});

describe("the other shapes", () => {
  test("interval", async () => {
    const { body } = await t.query("count", { timeframe: THREE_DAYS, interval: "daily" });
    expect(body).toEqual({ result: [day(1, 2), day(2, 0), day(3, 1)] });
  });

  test("group_by, one name or several; missing and null are one group", async () => {
    expect((await t.query("count", { group_by: "country" })).body.result).toEqual([
      { country: null, result: 1 },
      { country: "PL", result: 1 },
      { country: "US", result: 1 },
    ]);
    expect(
      (await t.query("sum", { target_property: "price", group_by: ["device.os", "missing"] })).body.result,
    ).toEqual([
      { "device.os": null, missing: null, result: 0 },
      { "device.os": "iOS", missing: null, result: 30 },
    ]);
  });

  test("group values keep their type", async () => {
    expect((await t.query("count", { group_by: ["price"] })).body.result).toEqual([
      { price: 10, result: 1 },
      { price: 20, result: 1 },
      { price: "free", result: 1 },
    ]);
    expect((await t.query("count", { group_by: ["tags"] })).body.result).toEqual([
      { tags: null, result: 2 },
      { tags: ["x", "y"], result: 1 },
    ]);
  });

  test("interval with group_by is dense; zero_fill false is not", async () => {
    const parameters = { timeframe: THREE_DAYS, interval: "daily", group_by: "user" };
    expect((await t.query("count", parameters)).body.result).toEqual([
      day(1, [
        { user: "a", result: 1 },
        { user: "b", result: 1 },
      ]),
      day(2, [
        { user: "a", result: 0 },
        { user: "b", result: 0 },
      ]),
      day(3, [
        { user: "a", result: 1 },
        { user: "b", result: 0 },
      ]),
    ]);
    expect((await t.query("count", { ...parameters, zero_fill: false })).body.result).toEqual([
      day(1, [
        { user: "a", result: 1 },
        { user: "b", result: 1 },
      ]),
      day(2, []),
      day(3, [{ user: "a", result: 1 }]),
    ]);
  });

  test("order_by and limit, within each bucket", async () => {
    const order = { order_by: { property_name: "result", direction: "DESC" }, limit: 1 };
    const grouped = { target_property: "price", group_by: "user", ...order };
    expect((await t.query("sum", grouped)).body.result).toEqual([{ user: "b", result: 20 }]);
    const { body } = await t.query("sum", { ...grouped, timeframe: THREE_DAYS, interval: "daily" });
    expect(body.result).toEqual([
      day(1, [{ user: "b", result: 20 }]),
      day(2, [{ user: "a", result: 0 }]),
      day(3, [{ user: "a", result: 0 }]),
    ]);
  });

  test("multi_analysis in all four, an entry with filters of its own", async () => {
    const analyses = {
      total: { analysis_type: "sum", target_property: "price" },
      result: { analysis_type: "count" },
      polish: {
        analysis_type: "count",
        filters: [{ property_name: "country", operator: "eq", property_value: "PL" }],
      },
    };
    expect((await t.query("multi_analysis", { analyses })).body).toEqual({
      result: { total: 30, result: 3, polish: 1 },
    });
    expect((await t.query("multi_analysis", { analyses, group_by: "user" })).body.result).toEqual([
      { user: "a", total: 10, result: 2, polish: 1 },
      { user: "b", total: 20, result: 1, polish: 0 },
    ]);
    const byDay = { analyses, timeframe: THREE_DAYS, interval: "daily" };
    expect((await t.query("multi_analysis", byDay)).body.result).toContainEqual(
      day(2, { total: 0, result: 0, polish: 0 }),
    );
    const ordered = { ...byDay, group_by: "user", order_by: [{ property_name: "total", direction: "desc" }] };
    expect((await t.query("multi_analysis", ordered)).body.result).toContainEqual(
      day(1, [
        { user: "b", total: 20, result: 1, polish: 0 },
        { user: "a", total: 10, result: 1, polish: 1 },
      ]),
    );
  });

  test("a label is any text, __proto__ too", async () => {
    const analyses = JSON.parse(
      '{"__proto__":{"analysis_type":"count"},"constructor":{"analysis_type":"sum","target_property":"price"}}',
    ) as object;
    const { body } = await t.query("multi_analysis", { analyses });
    expect(JSON.stringify(body)).toBe('{"result":{"__proto__":3,"constructor":30}}');
    const { body: grouped } = await t.query("multi_analysis", { analyses, group_by: "user" });
    expect(JSON.stringify(grouped.result)).toContain('{"user":"a","__proto__":2,"constructor":10}');
  });

  test("several collections at once, and which one an event is of", async () => {
    const event_collection = ["purchases", "refunds"];
    expect((await t.query("count", { event_collection })).body).toEqual({ result: 4 });
    expect((await t.query("count", { event_collection, group_by: "$collection" })).body.result).toEqual([
      { $collection: "purchases", result: 3 },
      { $collection: "refunds", result: 1 },
    ]);
  });
});

describe("extraction", () => {
  test("whole events, oldest first; latest newest first", async () => {
    const { body } = await t.query("extraction");
    expect(body.result).toHaveLength(3);
    expect(body.result).toContainEqual({
      price: 10,
      country: "PL",
      device: { os: "iOS" },
      user: "a",
      keen: {
        id: expect.stringMatching(/^[0-9a-f]{32}$/),
        timestamp: "2021-03-01T10:00:00.000Z",
        created_at: "2021-03-01T10:00:00.000Z",
      },
    });
    const all = await t.query("extraction", { standard_fields: true });
    expect(all.body.result).toContainEqual(expect.objectContaining({ $collection: "purchases" }));
    const latest = await t.query("extraction", { latest: 2, property_names: "user" });
    expect(latest.body).toEqual({ result: [{ user: "a" }, { user: "b" }] });
  });

  test("property_names: nested, only these; events lacking one omit it", async () => {
    const { body } = await t.query("extraction", { property_names: ["device.os", "country", "keen.timestamp"] });
    expect(body.result).toEqual([
      { device: { os: "iOS" }, country: "PL", keen: { timestamp: "2021-03-01T10:00:00.000Z" } },
      { device: { os: "iOS" }, country: "US", keen: { timestamp: "2021-03-01T11:00:00.000Z" } },
      { country: null, keen: { timestamp: "2021-03-03T09:00:00.000Z" } },
    ]);
  });
});
