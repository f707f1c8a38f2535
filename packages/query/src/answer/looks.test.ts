import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestApp, type TestApp } from "../../test/setup.ts";

/** Visits of March 2021; {@link NOW} is Wednesday, 10 March, noon UTC. */
let t: TestApp;
beforeAll(async () => {
  t = await createTestApp();
  const sale = (at: string, country: string | null, price: number, user = "u") => ({
    at,
    properties: { country, price, user },
  });
  await t.record(
    sale("2021-03-08T10:00:00Z", "PL", 10, "a"),
    sale("2021-03-08T11:00:00Z", "PL", 20, "b"),
    sale("2021-03-09T10:00:00Z", "US", 30, "a"),
    sale("2021-03-09T11:00:00Z", "DE", 40, "c"),
    sale("2021-03-10T10:00:00Z", null, 50, "c"),
    sale("2021-03-05T10:00:00Z", "PL", 1, "a"),
    sale("2021-03-06T10:00:00Z", "FR", 2, "z"),
    sale("2020-03-09T10:00:00Z", "US", 7, "y"),
  );
});
afterAll(() => t.close());

const THREE = { timeframe: "this_3_days" };
const TOP = { ...THREE, group_by: "country", order_by: [{ property_name: "result", direction: "DESC" }] };

describe("percentiles", () => {
  const ask = { ...THREE, target_property: "price", percentiles: [50, 99.99, 0] };

  test("are an object by percentile, plain, grouped and in a multi_analysis", async () => {
    expect((await t.query("percentiles", ask)).body.result).toEqual({ 0: 10, 50: 30, 99.99: 50 });
    expect((await t.query("percentiles", { ...ask, group_by: "country" })).body.result).toContainEqual({
      country: "PL",
      result: { 0: 10, 50: 10, 99.99: 20 },
    });
    const analyses = { p: { analysis_type: "percentiles", target_property: "price", percentiles: [100] } };
    expect((await t.query("multi_analysis", { ...THREE, analyses })).body.result).toEqual({ p: { 100: 50 } });
    expect((await t.query("percentiles", { ...ask, target_property: "never" })).body.result).toEqual({
      0: null,
      50: null,
      99.99: null,
    });
  });

  test.each([
    [{ percentiles: [] }, /at least one/],
    [{ percentiles: [101] }, /percentiles/],
    [{ percentiles: [0.001] }, /two decimals/],
    [{ percentiles: 50 }, /list of numbers/],
    [{ percentiles: Array.from({ length: 21 }, (_, i) => i) }, /at most 20/],
    [{ group_by: "country", order_by: "result" }, /order_by "result"/],
  ])("%j is refused", async (wrong, message) => {
    const { status, body } = await t.query("percentiles", { ...ask, ...wrong });
    expect({ status, message: body.message }).toEqual({ status: 400, message: expect.stringMatching(message) });
  });
});

describe("the row for the others", () => {
  test("adds up with those that are shown", async () => {
    const { body } = await t.query("count", { ...TOP, limit: 1, other: "Elsewhere" });
    expect(body.result).toEqual([
      { country: "PL", result: 2 },
      { country: "Elsewhere", result: 3 },
    ]);
  });

  test.each([
    ["count_unique", { target_property: "user" }, 1],
    ["average", { target_property: "price" }, 45],
    ["median", { target_property: "price" }, 40],
    ["maximum", { target_property: "price" }, 50],
    ["select_unique", { target_property: "user" }, ["c"]],
    ["percentiles", { target_property: "price", percentiles: [100] }, { 100: 50 }],
  ])("%s of them is that of their events, not of their rows", async (analysis, parameters, expected) => {
    // US and PL are shown; DE and null are left, two sales of one person.
    const order = { group_by: "country", order_by: [{ property_name: "country", direction: "DESC" }] };
    const { body } = await t.query(analysis, { ...THREE, ...parameters, ...order, limit: 2, other: "rest" });
    expect(body.result).toHaveLength(3);
    expect((body.result as unknown[])[2]).toEqual({ country: "rest", result: expected });
  });

  test("several keys, bins and times among them", async () => {
    const keys = ["country", { property_name: "price", alias: "tens", buckets: { size: 10 } }, "keen.timestamp"];
    const order = { order_by: [{ property_name: "result", direction: "DESC" }, "tens"], limit: 2, other: "rest" };
    const { body } = await t.query("average", { ...THREE, target_property: "price", group_by: keys, ...order });
    expect(body.result).toEqual([
      { country: null, tens: "[50 - 60)", "keen.timestamp": "2021-03-10T10:00:00.000Z", result: 50 },
      { country: "DE", tens: "[40 - 50)", "keen.timestamp": "2021-03-09T11:00:00.000Z", result: 40 },
      { country: "rest", tens: null, "keen.timestamp": null, result: 20 },
    ]);
  });

  test("in every bucket, of what that bucket leaves out", async () => {
    const { body } = await t.query("sum", {
      ...TOP,
      target_property: "price",
      interval: "daily",
      limit: 1,
      other: "rest",
    });
    expect((body.result as { value: unknown }[]).map(({ value }) => value)).toEqual([
      [
        { country: "PL", result: 30 },
        { country: "rest", result: 0 },
      ],
      [
        { country: "DE", result: 40 },
        { country: "rest", result: 30 },
      ],
      [
        { country: null, result: 50 },
        { country: "rest", result: 0 },
      ],
    ]);
  });

  test("is not there when nothing is left out", async () => {
    expect((await t.query("count", { ...TOP, limit: 4, other: "rest" })).body.result).toHaveLength(4);
  });

  test.each([
    ["count", { ...TOP, limit: 1, other: "PL" }, "InvalidParameterError", /other "PL" is also the name of a group/],
    ["count", { ...TOP, other: "rest" }, "InvalidParameterError", /other needs limit/],
    [
      "average",
      { ...TOP, target_property: "price", interval: "daily", limit: 1, other: "rest" },
      "UnsupportedQueryError",
      /count, sum, minimum and maximum/,
    ],
  ])("%s %j is refused", async (analysis, parameters, code, message) => {
    const { status, body } = await t.query(analysis, parameters);
    expect({ status, ...body }).toEqual({ status: 400, error_code: code, message: expect.stringMatching(message) });
  });
});

describe("compare_to", () => {
  const compared = async (analysis: string, parameters: object) => {
    const { body } = await t.query(analysis, parameters);
    return body as { result: unknown; comparison: { timeframe: unknown; result: unknown } };
  };

  test("the period before, the year before, and any other", async () => {
    expect(await compared("sum", { ...THREE, target_property: "price", compare_to: "previous_period" })).toEqual({
      result: 150,
      comparison: { timeframe: { start: "2021-03-05T00:00:00.000Z", end: "2021-03-08T00:00:00.000Z" }, result: 3 },
    });
    expect(await compared("count", { ...THREE, compare_to: "previous_year" })).toEqual({
      result: 5,
      comparison: { timeframe: { start: "2020-03-08T00:00:00.000Z", end: "2020-03-11T00:00:00.000Z" }, result: 1 },
    });
    const own = { start: "2021-03-05", end: "2021-03-06" };
    expect(await compared("count", { ...THREE, timezone: "Europe/Berlin", compare_to: own })).toMatchObject({
      comparison: { timeframe: { start: "2021-03-04T23:00:00.000Z", end: "2021-03-05T23:00:00.000Z" }, result: 1 },
    });
  });

  test("buckets stand beside each other", async () => {
    const { result, comparison } = await compared("count", {
      ...THREE,
      interval: "daily",
      compare_to: "previous_period",
    });
    expect((result as { value: number }[]).map(({ value }) => value)).toEqual([2, 2, 1]);
    expect(comparison.result).toEqual([
      { value: 1, timeframe: { start: "2021-03-05T00:00:00.000Z", end: "2021-03-06T00:00:00.000Z" } },
      { value: 1, timeframe: { start: "2021-03-06T00:00:00.000Z", end: "2021-03-07T00:00:00.000Z" } },
      { value: 0, timeframe: { start: "2021-03-07T00:00:00.000Z", end: "2021-03-08T00:00:00.000Z" } },
    ]);
  });

  test("groups stand beside each other; those of the other time alone come behind", async () => {
    const { comparison } = await compared("count", { ...THREE, group_by: "country", compare_to: "previous_period" });
    expect(comparison.result).toEqual([
      { country: null, result: 0 },
      { country: "DE", result: 0 },
      { country: "PL", result: 1 },
      { country: "US", result: 0 },
      { country: "FR", result: 1 },
    ]);
  });

  test("a limit keeps the groups of the question, and the others are the others of it", async () => {
    for (const [analysis, parameters, expected] of [
      ["count", {}, [1, 1]],
      ["average", { target_property: "price" }, [1, 2]],
    ] as const) {
      const order = { order_by: "country", limit: 3, other: "rest", compare_to: "previous_period" };
      const { comparison } = await compared(analysis, { ...THREE, ...parameters, group_by: "country", ...order });
      const rows = comparison.result as { country: unknown; result: unknown }[];
      expect(rows.map(({ country }) => country)).toEqual([null, "DE", "PL", "rest"]);
      expect(rows.slice(2).map(({ result }) => result)).toEqual(expected);
    }
  });

  test("groups within buckets", async () => {
    const { comparison } = await compared("count", {
      ...TOP,
      interval: "daily",
      limit: 1,
      compare_to: "previous_period",
    });
    expect((comparison.result as { value: unknown }[]).map(({ value }) => value)).toEqual([
      [{ country: "PL", result: 1 }],
      [{ country: "DE", result: 0 }],
      [{ country: null, result: 0 }],
    ]);
  });

  test.each([
    [{ compare_to: "previous_period" }, "MissingParameterError", /compare_to needs a timeframe/],
    [{ ...THREE, compare_to: "last_year" }, "InvalidParameterError", /"previous_period", "previous_year"/],
    [{ ...THREE, compare_to: { start: "2021-03-02", end: "2021-03-01" } }, "InvalidTimeframeError", /compare_to.end/],
    [{ ...THREE, compare_to: { start: "2021-03-02", end: "2021-03-03", zone: 1 } }, "InvalidTimeframeError", /"zone"/],
  ])("%j is refused", async (parameters, code, message) => {
    const { status, body } = await t.query("count", parameters);
    expect({ status, ...body }).toEqual({ status: 400, error_code: code, message: expect.stringMatching(message) });
  });

  test("in a batch, beside other questions", async () => {
    const queries = {
      a: { analysis_type: "count", event_collection: "purchases", ...THREE, compare_to: "previous_period" },
      b: {
        analysis_type: "median",
        event_collection: "purchases",
        target_property: "price",
        ...TOP,
        limit: 1,
        other: "rest",
      },
    };
    const headers = { Authorization: t.shop.readKey };
    const answer = await t.app.request(`${t.shop.url}/queries/batch`, {
      method: "POST",
      headers,
      body: JSON.stringify({ queries }),
    });
    expect(await answer.json()).toMatchObject({
      result: {
        a: { result: 5, comparison: { result: 2 } },
        b: { result: [{ result: 50 }, { country: "rest", result: 20 }] },
      },
    });
  });
});
