import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestApp, type TestApp } from "../../test/setup.ts";

let t: TestApp;
beforeAll(async () => {
  t = await createTestApp();
  await t.record(
    { properties: { price: 4, country: "PL", keen: { location: { coordinates: [21.01, 52.23] } } } },
    { properties: { price: 10, country: "PL", keen: { location: { coordinates: [13.4, 52.52] } } } },
    { properties: { price: 19.99, country: "US", id: 9007199254740992 } },
    { properties: { price: 120, country: "US" } },
    { properties: { country: "US" } },
  );
});
afterAll(() => t.close());

const byPrice = (rest: object, more: object = {}) => ({ group_by: { property_name: "price", ...rest }, ...more });

describe("group_by with buckets and ranges", () => {
  test("buckets are rows with their limits, in the order of their numbers", async () => {
    const { body } = await t.query("count", byPrice({ buckets: { size: 10 } }));
    expect(body).toEqual({
      result: [
        { price: null, result: 1 },
        { price: "[0 - 10)", result: 1 },
        { price: "[10 - 20)", result: 2 },
        { price: "[120 - 130)", result: 1 },
      ],
    });
  });

  test("ranges, with aliases, beside other keys, ordered by their numbers", async () => {
    const price = {
      property_name: "price",
      alias: "tier",
      ranges: [{ to: 10, alias: "low" }, { from: 10, to: 100 }, { from: 100 }],
    };
    const { body } = await t.query("sum", {
      target_property: "price",
      group_by: ["country", price],
      order_by: [{ property_name: "tier", direction: "DESC" }],
      limit: 3,
    });
    expect(body.result).toEqual([
      { country: "US", tier: "[100 - ∞)", result: 120 },
      { country: "PL", tier: "[10 - 100)", result: 10 },
      { country: "US", tier: "[10 - 100)", result: 19.99 },
    ]);
  });

  test("over GET, as JSON text", async () => {
    const key = encodeURIComponent(JSON.stringify({ property_name: "price", buckets: { size: 100, offset: -50 } }));
    const { body } = await t.get(`/queries/count?event_collection=purchases&group_by=${key}`);
    expect(body.result).toEqual([
      { price: null, result: 1 },
      { price: "[-50 - 50)", result: 3 },
      { price: "[50 - 150)", result: 1 },
    ]);
  });

  test.each([
    [{ buckets: { size: 0 } }, /group_by\.buckets\.size: must be greater than 0/],
    [{ buckets: { size: -1 } }, /greater than 0/],
    [{ buckets: {} }, /group_by\.buckets\.size/],
    [{ buckets: { size: "10" } }, /group_by\.buckets\.size: must be a number/],
    [{ buckets: { size: 1e-12 } }, /counted exactly/],
    [{ buckets: { size: 10, ofset: 1 } }, /"ofset" is not a parameter of group_by\.buckets\. Did you mean "offset"/],
    [{ buckets: { size: 10 }, ranges: [{ from: 1 }] }, /either buckets or ranges/],
    [{}, /either buckets or ranges/],
    [{ ranges: [] }, /at least one range/],
    [{ ranges: Array.from({ length: 101 }, (_, i) => ({ from: i, to: i + 1 })) }, /at most 100 ranges/],
    [{ ranges: [{ from: 5, to: 5 }] }, /group_by\.ranges\[0\]\.to \(5\) must be greater/],
    [{ ranges: [{ from: 0, to: 10 }, { from: 9 }] }, /\[0 - 10\) and \[9 - ∞\) have numbers in common/],
    [
      {
        ranges: [
          { to: 1, alias: "a" },
          { from: 1, alias: "a" },
        ],
      },
      /two ranges are called "a"/,
    ],
    [{ buckets: { size: 10 }, alias: "result" }, /the name of a value/],
  ])("%j is refused, and says why", async (bins, message) => {
    const { status, body } = await t.query("count", byPrice(bins));
    expect({ status, message: body.message }).toEqual({ status: 400, message: expect.stringMatching(message) });
  });

  test("two keys of one name, and a key of what is no number", async () => {
    const twice = await t.query("count", { group_by: ["price", { property_name: "price", buckets: { size: 10 } }] });
    expect(twice.body.message).toMatch(/two keys called "price".*alias/);
    const text = await t.query("count", { group_by: { property_name: "$page.path", buckets: { size: 10 } } });
    expect(text).toMatchObject({ status: 400, body: { message: "buckets needs a number; $page.path is a string." } });
  });
});

describe("geo filters", () => {
  const within = (property_name: string, property_value: unknown) => ({
    filters: [{ property_name, operator: "within", property_value }],
  });
  const BERLIN = { coordinates: [13.405, 52.52], max_distance_miles: 5 };

  test("what happened near a place", async () => {
    const { body } = await t.query("sum", { target_property: "price", ...within("keen.location.coordinates", BERLIN) });
    expect(body.result).toBe(10);
  });

  test.each([
    ["$page.path", BERLIN, "InvalidPropertyNameForGeoFilter", /"\$page\.path"/],
    ["p", { coordinates: [13.4, 152], max_distance_miles: 5 }, "InvalidFilterError", /longitude, latitude/],
    ["p", { coordinates: [13.4], max_distance_miles: 5 }, "InvalidFilterError", /coordinates/],
    ["p", { coordinates: [13.4, 52] }, "InvalidFilterError", /max_distance_miles/],
    ["p", { coordinates: [13.4, 52], max_distance_miles: -1 }, "InvalidFilterError", /negative/],
    ["p", { coordinates: [13.4, 52], max_distance_km: 1 }, "InvalidFilterError", /max_distance_km/],
    ["p", "Berlin", "InvalidFilterError", /coordinates/],
  ])("%s %j is %s", async (property, value, code, message) => {
    const { status, body } = await t.query("count", within(property, value));
    expect({ status, ...body }).toEqual({ status: 400, error_code: code, message: expect.stringMatching(message) });
  });

  test("more places than a store can be asked for", async () => {
    const one = within("p", BERLIN).filters[0];
    const { status, body } = await t.query("count", { filters: Array.from({ length: 11 }, () => one) });
    expect({ status, code: body.error_code }).toEqual({ status: 400, code: "InvalidFilterError" });
  });
});

describe("whole numbers that a double cannot hold", () => {
  const post = async (value: string) => {
    const body = `{"event_collection":"purchases","filters":[{"property_name":"id","operator":"eq","property_value":${value}}]}`;
    const headers = { Authorization: t.shop.readKey };
    const answer = await t.app.request(`${t.shop.url}/queries/count`, { method: "POST", headers, body });
    return { status: answer.status, body: (await answer.json()) as { result?: number; message?: string } };
  };

  test("are refused by name, where they would be another number", async () => {
    const refused = await post("9007199254740993");
    expect(refused).toMatchObject({
      status: 400,
      body: { message: expect.stringMatching(/^filters holds the integer 9007199254740993/) },
    });
    expect(await post("[1,-1234567890123456789]")).toMatchObject({ status: 400 });
    const filters = encodeURIComponent('[{"property_name":"id","operator":"eq","property_value":9007199254740993}]');
    expect(await t.get(`/queries/count?event_collection=purchases&filters=${filters}`)).toMatchObject({ status: 400 });
  });

  test("and taken where they are what they say", async () => {
    expect(await post("9007199254740992")).toMatchObject({ status: 200, body: { result: 1 } });
    expect(await post('"9007199254740993"')).toMatchObject({ status: 200, body: { result: 0 } });
    expect(await post("12345678901234567.5")).toMatchObject({ status: 200, body: { result: 0 } });
  });
});
