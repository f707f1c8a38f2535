import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestApp, type TestApp } from "../../test/setup.ts";

let t: TestApp;
beforeAll(async () => {
  t = await createTestApp();
  await t.record(
    { properties: { price: 5, customer: { name: "Ann" }, tags: ["x"], paid: true } },
    { properties: { price: "free" }, at: "2021-03-09T00:00:00Z" },
    { collection: "a b.c/d+e&f" },
  );
});
afterAll(() => t.close());

describe("discovery and schemas", () => {
  test("versions and projects", async () => {
    expect(await (await t.app.request("/")).json()).toEqual([{ is_public: true, url: "/3.0", version: "3.0" }]);
    expect(await (await t.app.request("/3.0")).json()).toEqual({ projects_resource_url: "/3.0/projects" });
  });

  test("a project lists its collections, names encoded in addresses", async () => {
    const { url, id } = t.shop;
    expect((await t.get("")).body).toEqual({
      id,
      name: "Shop",
      timezone: "UTC",
      url,
      events_url: `${url}/events`,
      queries_url: `${url}/queries`,
      saved_queries: [],
      property_quota: { used: 5, limit: 400, full: false, refused_in: [] },
      events: [
        { name: "a b.c/d+e&f", url: `${url}/events/a%20b.c%2Fd%2Be%26f` },
        { name: "purchases", url: `${url}/events/purchases` },
      ],
    });
  });

  test("a collection's properties with Keen's names of types", async () => {
    const { body } = await t.get<{ properties: Record<string, string> }>("/events/purchases");
    expect(body).toMatchObject({ name: "purchases", url: `${t.shop.url}/events/purchases` });
    expect(body.properties).toMatchObject({
      "keen.id": "string",
      "keen.timestamp": "datetime",
      "customer.name": "string",
      tags: "array",
      paid: "bool",
      price: "string",
    });
    expect(body.properties).not.toHaveProperty("customer");
    expect(Object.keys(body.properties).filter((name) => name.startsWith("$"))).toEqual([]);
    for (const path of ["/events/purchases", "/events"]) {
      const { body: all } = await t.get(`${path}?standard_fields=true`);
      expect([all].flat().at(-1)).toMatchObject({
        properties: { "$bot.is": "bool", "$bot.reasons": "array", paid: "bool" },
      });
    }
    expect(await t.get("/events/purchases?standard_fields=maybe")).toMatchObject({ status: 400 });
    expect((await t.get("/events?include_schema=false")).body).toEqual([
      { name: "a b.c/d+e&f", url: `${t.shop.url}/events/a%20b.c%2Fd%2Be%26f` },
      { name: "purchases", url: `${t.shop.url}/events/purchases` },
    ]);
  });

  test("names with space, dot, slash, plus and ampersand are found by their encoded form", async () => {
    expect((await t.get("/events/a%20b.c%2Fd%2Be%26f")).body).toMatchObject({ name: "a b.c/d+e&f" });
    expect((await t.get(`/queries/count?event_collection=${encodeURIComponent("a b.c/d+e&f")}`)).body).toEqual({
      result: 1,
    });
  });

  test("one property; unknown collections and properties are 404", async () => {
    expect((await t.get("/events/purchases/properties/customer.name")).body).toEqual({
      property_name: "customer.name",
      url: `${t.shop.url}/events/purchases/properties/customer.name`,
      type: "string",
    });
    for (const path of [
      "/events/nope",
      "/events/purchases/properties/nope",
      "/events/purchases/properties/constructor",
    ]) {
      expect(await t.get(path)).toMatchObject({ status: 404, body: { error_code: "ResourceNotFoundError" } });
    }
  });

  test("a property that came with several types says how often each, so that nobody sums half of it unaware", async () => {
    const conflicting = [5, 6, "free", true, [true, 7], null].map((price) => ({
      collection: "mixed",
      properties: { price },
    }));
    await t.record(...conflicting);
    expect((await t.get("/events/mixed/properties/price")).body).toMatchObject({
      property_name: "price",
      types: { number: 2, text: 1, "true/false": 1, list: 1, null: 1 },
      note: "price: number on 2, text on 1, true/false on 1, list on 1, null on 1 events",
    });
    expect((await t.get("/events/purchases/properties/paid")).body).not.toHaveProperty("note");
  });

  test("nothing but nulls is null, and what is called coordinates is a place", async () => {
    const location = { keen: { location: { coordinates: [21.01, 52.23] } }, geo: { coordinates: [1, 2] } };
    await t.record(
      { collection: "typed", properties: { nothing: null, some: null, list: [1], ...location } },
      { collection: "typed", properties: { some: 1, coordinates: "text" } },
    );
    expect((await t.get("/events/typed")).body).toMatchObject({
      properties: {
        nothing: "null",
        some: "num",
        list: "array",
        "keen.location.coordinates": "geo",
        "geo.coordinates": "geo",
        coordinates: "string",
      },
    });
  });

  test("the list of analyses", async () => {
    const { body } = await t.get("/queries");
    expect(body).toMatchObject({
      count_url: `${t.shop.url}/queries/count`,
      median: `${t.shop.url}/queries/median`,
      funnel_url: `${t.shop.url}/queries/funnel`,
    });
    expect(body).not.toHaveProperty("median_url");
  });
});
