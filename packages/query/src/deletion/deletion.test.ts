import { EVERYTHING, monthOf, planExtraction, scopeQuery, UTC } from "@millrace/core";
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
      deletions: { ...deps.deletions, deleteAll: async () => UNFINISHED },
    }));
    await t.record({ properties: { price: 5 } });
    expect(await remove("purchases")).toEqual({
      status: 202,
      body: { deleted: 7, complete: false, message: expect.stringContaining("None of these events comes back") },
    });
  });
});

describe("DELETE of a property", () => {
  const names = async (collection = "purchases") =>
    Object.keys((await t.get<{ properties: object }>(`/events/${collection}`)).body.properties)
      .filter((name) => !name.startsWith("keen."))
      .sort();

  test("takes it from the collection's events and schema, and from nothing else", async () => {
    const other = await t.createProject("Other");
    await t.recordIn(other, { properties: { country: "PL" } });
    expect(await remove("purchases/properties/country")).toEqual({ status: 204, body: undefined });
    expect((await t.query("count", { group_by: "country" })).body.result).toEqual([{ country: null, result: 3 }]);
    expect(await prices()).toEqual([5, 7, 9]);
    expect([await names(), await names("visits")]).toEqual([["price"], ["country"]]);
    expect(
      (await t.query("select_unique", { event_collection: "visits", target_property: "country" })).body.result,
    ).toEqual(["PL"]);
    expect((await t.send("GET", "/events/purchases/properties/country", {})).status).toBe(404);
    const theirs = { key: other.readKey, url: other.url };
    expect((await t.send("GET", "/events/purchases/properties/country", theirs)).status).toBe(200);
    // It is no property any more.
    expect((await remove("purchases/properties/country")).status).toBe(404);
  });

  test("of an object takes all of it; a path's name may be encoded", async () => {
    await t.record({ properties: { "a b": { c: 1, d: { e: 2 } }, price: 1 } });
    expect((await remove("purchases/properties/a%20b.d")).status).toBe(204);
    expect(await names()).toEqual(["a b.c", "country", "price"]);
    expect((await remove("purchases/properties/a%20b")).status).toBe(204);
    expect(await names()).toEqual(["country", "price"]);
  });

  test("holds for what is received until then; used again, the name is in the schema again", async () => {
    await remove("purchases/properties/country");
    const { properties: deleted } = await t.tombstones.of(t.shop.id);
    const left = (receivedAt: number) => deleted.left({ collection: "purchases", receivedAt }, { country: "PL", n: 1 });
    expect([left(NOW - 1), left(NOW)]).toEqual([{ n: 1 }, { country: "PL", n: 1 }]);
    const after = deleted.newest("purchases", "country");
    const sighting = { collection: "purchases", path: "country", kind: "string", after } as const;
    await t.catalogue.admit(t.shop.id, [sighting], { identity: monthOf(NOW), timestamp: monthOf(NOW) });
    expect(await names()).toEqual(["country", "price"]);
    // Deletions are in the order of their time.
    t.clock.advance(1);
    expect((await remove("purchases/properties/country")).status).toBe(204);
    expect(await names()).toEqual(["price"]);
  });

  test("what kept and shared answers showed of it is shown no more", async () => {
    const query = {
      analysis_type: "select_unique",
      event_collection: "purchases",
      target_property: "country",
      timeframe: "this_14_days",
    };
    const saved = { key: t.shop.masterKey, body: { query, refresh_rate: 14_400 } };
    expect((await t.send("PUT", "/queries/saved/countries", saved)).status).toBe(201);
    const kept = async () => (await t.send("GET", "/queries/saved/countries/result", {})).body.result;
    const shared = async () => (await t.query("select_unique", { ...query, max_age: 600 })).body.result;
    expect([await kept(), await shared()]).toEqual([
      ["DE", "PL"],
      ["DE", "PL"],
    ]);
    await remove("purchases/properties/country");
    expect(await kept()).toEqual([]);
    t.clock.advance(60_001);
    expect(await shared()).toEqual([]);
  });

  test("one beyond the quota of names is in no schema, and is deleted all the same", async () => {
    await t.close();
    t = await createTestApp(undefined, 1);
    await t.record({ properties: { n: 1 } }, { properties: { n: 2, late: "x" } });
    expect(await names()).toEqual(["n"]);
    const late = async () => {
      const filters = [{ property_name: "late", operator: "eq", property_value: "x" }];
      return (await t.query("count", { filters })).body.result;
    };
    expect(await late()).toBe(1);
    expect((await remove("purchases/properties/late")).status).toBe(204);
    expect(await late()).toBe(0);
  });

  test.each([
    ["an unknown collection", "nope/properties/price", 404, "ResourceNotFoundError"],
    ["an unknown property", "purchases/properties/nope", 404, "ResourceNotFoundError"],
    ["the beginning of a name", "purchases/properties/pri", 404, "ResourceNotFoundError"],
    ["a standard field", "purchases/properties/%24geo.country", 400, "InvalidParameterError"],
    ["what Keen itself adds", "purchases/properties/keen.id", 400, "InvalidParameterError"],
    ["all that Keen itself adds", "purchases/properties/keen", 400, "InvalidParameterError"],
    ["a property of some events only", "purchases/properties/price?timeframe=today", 400, "InvalidParameterError"],
  ])("%s is refused, and nothing is deleted", async (_, path, status, code) => {
    expect(await remove(path)).toMatchObject({ status, body: { error_code: code } });
    expect(await prices()).toEqual([5, 7, 9]);
    expect(await t.tombstones.unsettled(t.shop.id)).toEqual([]);
  });

  test("is the master key's alone, and in the audit log", async () => {
    const other = await t.createProject("Other");
    for (const key of [t.shop.readKey, t.shop.writeKey, other.masterKey, "nobody's"]) {
      expect((await remove("purchases/properties/price", key)).status).toBe(401);
    }
    expect(await prices()).toEqual([5, 7, 9]);
    await remove("purchases/properties/price");
    const { entries } = await t.access.audit.search({ project: t.shop.id, what: "property" });
    expect(entries).toMatchObject([
      { what: "property.delete", target: "price", after: { collection: "purchases", changed: 3, complete: true } },
    ]);
  });

  test("that takes longer than its request says that the rest follows; its name is gone already", async () => {
    await t.close();
    t = await createTestApp((deps) => ({
      ...deps,
      deletions: {
        ...deps.deletions,
        deleteProperty: async (where) => ({ ...(await deps.deletions.deleteProperty(where)), ...UNFINISHED }),
      },
    }));
    await t.record({ properties: { price: 5 } });
    expect(await names()).toEqual(["price"]);
    expect(await remove("purchases/properties/price")).toEqual({
      status: 202,
      body: { deleted: 7, complete: false, message: expect.stringContaining("No event is stored with the property") },
    });
    expect(await names()).toEqual([]);
  });
});

const UNFINISHED = { events: 7, rejected: 0, complete: false };

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
