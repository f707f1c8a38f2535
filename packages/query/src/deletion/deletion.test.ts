import { EVERYTHING, planExtraction, scopeQuery, UTC } from "@millrace/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTestApp, NOW, type TestApp } from "../../test/setup.ts";

let t: TestApp;
beforeEach(async () => {
  t = await createTestApp();
  await t.record(
    { properties: { price: 5, country: "PL" }, at: "2021-03-09T10:00:00Z" },
    { properties: { price: 7, country: "PL" }, at: "2021-03-10T10:00:00Z" },
    { properties: { price: 9, country: "DE" }, at: "2021-03-10T11:00:00Z" },
    { collection: "visits", properties: { country: "PL" } },
  );
});
afterEach(() => t.close());

const remove = (path: string, key = t.shop.masterKey) => t.send("DELETE", `/events/${path}`, { key, body: {} });
const prices = async () => (await t.query("select_unique", { target_property: "price" })).body.result;
const visits = async () => (await t.query("count", { event_collection: "visits" })).body.result;
const json = (value: unknown) => encodeURIComponent(JSON.stringify(value));

describe("DELETE of a collection", () => {
  test("takes all of it, and of nothing else; 204 and no body", async () => {
    const other = await t.createProject("Other");
    await t.recordIn(other, { properties: { price: 1 } });
    expect(await remove("purchases")).toEqual({ status: 204, body: undefined });
    expect([await prices(), await visits()]).toEqual([[], 1]);
    const { body } = await t.send("GET", "/queries/count?event_collection=purchases", {
      key: other.readKey,
      url: other.url,
    });
    expect(body.result).toBe(1);
  });

  test("takes what timeframe and filters name, as keen-analysis quotes them", async () => {
    const filters = json([{ property_name: "country", operator: "eq", property_value: "PL" }]);
    expect((await remove(`purchases?filters=${filters}&timeframe=%22today%22&timezone=%22UTC%22&`)).status).toBe(204);
    expect(await prices()).toEqual([5, 9]);
    expect((await remove("purchases?timeframe=yesterday")).status).toBe(204);
    expect(await prices()).toEqual([9]);
    expect(
      (await remove(`purchases?filters=${json([{ property_name: "price", operator: "gt", property_value: 100 }])}`))
        .status,
    ).toBe(204);
    expect(await prices()).toEqual([9]);
    expect((await remove("purchases?filters=%5B%5D")).status).toBe(204);
    expect(await prices()).toEqual([]);
  });

  test("a filter reads as in a question: or, not, missing properties", async () => {
    const filters = json([
      {
        operator: "or",
        operands: [
          { property_name: "price", operator: "lt", property_value: 6 },
          { operator: "not", operands: [{ property_name: "country", operator: "eq", property_value: "PL" }] },
        ],
      },
    ]);
    expect((await remove(`purchases?filters=${filters}`)).status).toBe(204);
    expect(await prices()).toEqual([7]);
  });

  test("holds for whatever comes later, by collection and by event", async () => {
    const before = (await t.store.extract(await planOf(t))).events;
    await remove(`purchases?filters=${json([{ property_name: "price", operator: "eq", property_value: 5 }])}`);
    const forbidden = await t.tombstones.of(t.shop.id);
    const taken = before.map(({ id, properties }) => [
      properties["price"],
      forbidden.takes({ project: t.shop.id, collection: "purchases", id, receivedAt: NOW - 1 }),
    ]);
    expect(new Map(taken as [number, boolean][])).toEqual(
      new Map([
        [5, true],
        [7, false],
        [9, false],
      ]),
    );
    await remove("purchases");
    const all = { project: t.shop.id, collection: "purchases", id: "later" };
    const known = await t.tombstones.of(t.shop.id);
    expect([NOW - 1, NOW].map((receivedAt) => known.takes({ ...all, receivedAt }))).toEqual([true, false]);
  });

  test.each([
    ["an unknown collection", "nope", 404, "ResourceNotFoundError"],
    ["a misspelt parameter", "purchases?timeFrame=today", 400, "InvalidParameterError"],
    ["filters that are empty by mistake", "purchases?filters=", 400, "InvalidParameterError"],
    ["a timeframe that is empty by mistake", "purchases?timeframe=&filters=%5B%5D", 400, "InvalidParameterError"],
    ["filters that are no list", "purchases?filters=all", 400, "InvalidFilterError"],
    [
      "a filter nobody knows",
      `purchases?filters=${encodeURIComponent('[{"operator":"is"}]')}`,
      400,
      "InvalidFilterError",
    ],
    ["a timeframe nobody knows", "purchases?timeframe=lately", 400, "InvalidTimeframeError"],
    ["a property alone", "purchases/properties/price", 400, "UnsupportedQueryError"],
  ])("%s is refused, and nothing is deleted", async (_, path, status, code) => {
    expect(await remove(path)).toMatchObject({ status, body: { error_code: code } });
    expect([await prices(), await visits()]).toEqual([[5, 7, 9], 1]);
    expect((await t.tombstones.of(t.shop.id)).size).toBe(0);
  });

  test("is the master key's alone", async () => {
    const other = await t.createProject("Other");
    for (const key of [t.shop.readKey, t.shop.writeKey, other.masterKey, "nobody's"]) {
      expect((await remove("purchases", key)).status).toBe(401);
    }
    expect(await prices()).toEqual([5, 7, 9]);
  });

  test("that takes longer than its request says that the rest follows", async () => {
    await t.close();
    t = await createTestApp((deps) => ({
      ...deps,
      deletions: { deleteAll: async () => ({ events: 7, rejected: 0, complete: false }) },
    }));
    await t.record({ properties: { price: 5 } });
    expect(await remove("purchases")).toEqual({
      status: 202,
      body: { deleted: 7, complete: false, message: expect.stringContaining("None of these events comes back") },
    });
  });
});

async function planOf(app: TestApp) {
  const query = {
    kind: "extraction",
    collections: ["purchases"],
    zone: UTC,
    filter: EVERYTHING,
    bots: "include",
  } as const;
  const properties = await app.catalogue.view(app.shop.id);
  return planExtraction(scopeQuery(query, { project: app.shop.id }), { now: NOW, properties });
}
