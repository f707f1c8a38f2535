import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestApp, type TestApp } from "../../test/setup.ts";

let t: TestApp;
beforeAll(async () => {
  t = await createTestApp();
  const at = (day: number) => `2021-03-${String(day).padStart(2, "0")}T10:00:00Z`;
  await t.record(
    { properties: { customer: "93", country: "PL" }, at: at(8) },
    { properties: { customer: "93", country: "DE" }, at: at(9) },
    { properties: { customer: "93", country: "PL" }, at: at(9) },
    { properties: { customer: 93, country: "US" }, at: at(9) },
    { properties: { customer: "7", country: "PL" }, at: at(9) },
  );
});
afterAll(() => t.close());

const QUERY = { analysis_type: "count", event_collection: "purchases", timeframe: "this_4_days", interval: "daily" };
const put = (name: string, body: object = { query: QUERY, index_by: "customer" }) =>
  t.send<Record<string, unknown>>("PUT", `/datasets/${name}`, { body });
const results = (name: string, query: string, key = t.shop.readKey) =>
  t.send<{ result: { value: unknown; timeframe: { start: string } }[] }>("GET", `/datasets/${name}/results?${query}`, {
    key,
  });
const values = async (name: string, query: string, key?: string) => {
  const { body } = await results(name, query, key);
  return body.result.map(({ value }) => value);
};
const json = (value: unknown) => encodeURIComponent(JSON.stringify(value));

describe("a dataset", () => {
  test("is made with 201, not changed, listed, shown, and deleted with 204", async () => {
    const made = await put("a", { display_name: "A", query: QUERY, index_by: ["customer"] });
    expect(made).toMatchObject({
      status: 201,
      body: { dataset_name: "a", display_name: "A", query: QUERY, index_by: ["customer"], milliseconds_behind: 0 },
    });
    expect((await put("a")).status).toBe(400);
    expect((await t.send("GET", "/datasets/a", { key: t.shop.readKey })).body).toEqual(made.body);
    await put("b");
    const first = await t.send<{ datasets: object[]; next_page_url: string; count: number }>(
      "GET",
      "/datasets?limit=1",
    );
    expect(first.body).toMatchObject({ datasets: [{ dataset_name: "a" }], count: 2 });
    const next = new URL(first.body.next_page_url);
    expect((await t.send("GET", `/datasets${next.search}`)).body).toMatchObject({
      datasets: [{ dataset_name: "b" }],
      next_page_url: null,
    });
    expect(await t.send("DELETE", "/datasets/b")).toEqual({ status: 204, body: undefined });
    expect((await t.send("DELETE", "/datasets/b")).status).toBe(404);
    expect((await results("b", "index_by=93")).status).toBe(404);
  });

  test("answers for one value of its index, a text or what reads like it, dense and by interval", async () => {
    await put("one");
    expect(await values("one", "index_by=93&dataset_name=one")).toEqual([0, 1, 3, 0]);
    expect(await values("one", `index_by=${json("7")}`)).toEqual([0, 0, 1, 0]);
    expect(await values("one", `index_by=${json({ customer: 93 })}`)).toEqual([0, 0, 1, 0]);
    expect(await values("one", "index_by=nobody")).toEqual([0, 0, 0, 0]);
    expect(await values("one", "index_by=93&timeframe=yesterday")).toEqual([3]);
    const range = json({ start: "2021-03-08", end: "2021-03-10" });
    expect(await values("one", `index_by=93&timeframe=${range}`)).toEqual([1, 3]);
  });

  test("may have several indexes, groups, filters and analyses", async () => {
    await put("two", { query: QUERY, index_by: ["customer", "country"] });
    expect(await values("two", `index_by=${json({ customer: "93", country: "PL" })}`)).toEqual([0, 1, 1, 0]);
    expect(await values("two", `index_by=${json(["93", "DE"])}`)).toEqual([0, 0, 1, 0]);
    expect((await results("two", "index_by=93")).status).toBe(400);
    await put("grouped", { query: { ...QUERY, group_by: "country", timeframe: "yesterday" }, index_by: "customer" });
    expect(await values("grouped", "index_by=7")).toEqual([[{ country: "PL", result: 1 }]]);
    const analyses = { n: { analysis_type: "count" } };
    await put("multi", { query: { ...QUERY, analysis_type: "multi_analysis", analyses }, index_by: "customer" });
    expect(await values("multi", "index_by=7")).toEqual([{ n: 0 }, { n: 0 }, { n: 1 }, { n: 0 }]);
  });

  test("is as new as the store: a late event and a deletion are in the next answer", async () => {
    await put("late");
    await t.record({ properties: { customer: "late" }, at: "2021-03-08T01:00:00Z" });
    expect(await values("late", "index_by=late")).toEqual([0, 1, 0, 0]);
    const filters = json([{ property_name: "customer", operator: "eq", property_value: "late" }]);
    expect((await t.send("DELETE", `/events/purchases?filters=${filters}`)).status).toBe(204);
    expect(await values("late", "index_by=late")).toEqual([0, 0, 0, 0]);
  });

  test.each([
    ["no interval", { query: { ...QUERY, interval: null }, index_by: "a" }, "interval"],
    [
      "an absolute timeframe",
      { query: { ...QUERY, timeframe: { start: "2021-01-01", end: "2021-02-01" } }, index_by: "a" },
      "relative",
    ],
    ["an extraction", { query: { ...QUERY, analysis_type: "extraction" }, index_by: "a" }, "extraction"],
    ["a funnel", { query: { ...QUERY, analysis_type: "funnel" }, index_by: "a" }, "funnel"],
    ["no index", { query: QUERY }, "index_by"],
    ["an empty index", { query: QUERY, index_by: [] }, "index_by"],
    ["a misspelt member", { query: QUERY, index_by: "a", indexBy: "b" }, "index_by"],
    ["what a live query refuses", { query: { ...QUERY, timeFrame: "today" }, index_by: "a" }, "timeframe"],
    ["more than one may be", { query: QUERY, index_by: "a", display_name: "x".repeat(1_001) }, "display_name"],
  ])("%s is refused by name and makes nothing", async (_, body, said) => {
    const answer = await put("bad", body);
    expect(answer.body).toMatchObject({ message: expect.stringContaining(said) });
    expect((await t.send("GET", "/datasets/bad")).status).toBe(404);
  });

  test.each(["__proto__", "constructor"])("%s is a name like any other", async (name) => {
    expect((await results(name, "index_by=93")).status).toBe(404);
    expect((await put(name)).status).toBe(201);
    expect(await values(name, "index_by=93")).toEqual([0, 1, 3, 0]);
  });
});

describe("keys", () => {
  const keyOf = async (datasets: object | null, more: object = {}) => {
    const body = { name: "k", permitted: ["datasets"], options: { datasets, ...more } };
    return (await t.send<{ key: string }>("POST", "/keys", { body })).body.key;
  };
  const status = async (key: string, path: string) => (await t.send("GET", `/datasets${path}`, { key })).status;

  test("another project's dataset is not there, and only the master key makes one", async () => {
    await put("mine");
    const other = await t.createProject("Other");
    const theirs = { key: other.masterKey, url: other.url };
    expect((await t.send("GET", "/datasets/mine/results?index_by=93", theirs)).status).toBe(404);
    expect((await t.send("GET", "/datasets", theirs)).body).toMatchObject({ count: 0 });
    for (const key of [t.shop.readKey, t.shop.writeKey, other.masterKey, await keyOf(null)]) {
      expect((await t.send("PUT", "/datasets/x", { key, body: {} })).status).toBe(401);
      expect((await t.send("DELETE", "/datasets/mine", { key })).status).toBe(401);
    }
    expect(await status(t.shop.writeKey, "/mine/results?index_by=93")).toBe(401);
  });

  test("an access key has its operations, its names and its values of an index, and no value that reads like one", async () => {
    await put("d1");
    await put("d2");
    const reader = await keyOf({ operations: ["read"] });
    expect(await status(reader, "/d1")).toBe(401);
    expect(await status(reader, "/d1/results?index_by=7")).toBe(200);
    expect((await t.send("GET", "/datasets", { key: reader })).body).toMatchObject({ count: 0 });
    const named = await keyOf({ allowed: { d1: { index_by: { customer: ["93"] } } } });
    expect(await values("d1", "index_by=93", named)).toEqual([0, 1, 2, 0]);
    expect(await status(named, `/d1/results?index_by=${json({ customer: 93 })}`)).toBe(401);
    expect(await status(named, "/d1/results?index_by=7")).toBe(401);
    expect(await status(named, "/d2/results?index_by=93")).toBe(401);
    expect(await status(named, "/constructor/results?index_by=93")).toBe(401);
    expect((await t.send("GET", "/datasets", { key: named })).body).toMatchObject({ count: 1 });
    expect(await status(await keyOf({ blocked: ["d1"] }), "/d1/results?index_by=93")).toBe(401);
    const filters = [{ property_name: "country", operator: "eq", property_value: "DE" }];
    expect(await values("d1", "index_by=93", await keyOf(null, { queries: { filters } }))).toEqual([0, 0, 1, 0]);
  });
});
