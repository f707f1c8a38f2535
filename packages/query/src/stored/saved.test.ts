import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestApp, withForcedFilter, type TestApp } from "../../test/setup.ts";

let t: TestApp;
beforeAll(async () => {
  t = await createTestApp();
  await t.record(
    { properties: { price: 5, country: "PL" } },
    { properties: { price: 7, country: "DE" } },
    { collection: "visits", properties: { country: "PL" } },
  );
});
afterAll(() => t.close());

const COUNT = { analysis_type: "count", event_collection: "purchases", timeframe: "this_14_days" };
const put = (name: string, body: unknown = { refresh_rate: 0, query: COUNT }) =>
  t.send<Record<string, unknown>>("PUT", `/queries/saved/${name}`, { body });
const result = (name: string, key = t.shop.readKey) =>
  t.send<Record<string, unknown>>("GET", `/queries/saved/${name}/result`, { key });

describe("a saved query", () => {
  test("is created with 201, replaced with 200, shown as Keen shows it, deleted with 204 and then 404", async () => {
    const made = await put("a", { refresh_rate: 0, query: COUNT, metadata: { display_name: "A" } });
    const shown = {
      query_name: "a",
      created_date: "2021-03-10T12:00:00.000Z",
      last_modified_date: "2021-03-10T12:00:00.000Z",
      user_last_modified_date: "2021-03-10T12:00:00.000Z",
      refresh_rate: 0,
      is_public: false,
      query: { ...COUNT, timezone: "UTC", interval: null, group_by: null, filters: [] },
      metadata: { display_name: "A" },
      run_information: null,
      urls: {
        cached_query_url: `${t.shop.url}/queries/saved/a`,
        cached_query_results_url: `${t.shop.url}/queries/saved/a/result`,
      },
    };
    expect(made).toEqual({ status: 201, body: shown });
    expect(await t.send("GET", "/queries/saved/a")).toEqual({ status: 200, body: shown });
    // Clients that change a query send all of what they got, nulls included, and what is not sent is gone.
    const again = await put("a", { ...shown, query: { ...shown.query, event_collection: "visits" }, metadata: null });
    expect(again).toMatchObject({ status: 200, body: { query: { event_collection: "visits" }, metadata: {} } });
    expect(await t.send("DELETE", "/queries/saved/a", { body: {} })).toEqual({ status: 204, body: undefined });
    for (const [method, path] of [
      ["DELETE", ""],
      ["GET", ""],
      ["GET", "/result"],
    ] as const) {
      const gone = await t.send(method, `/queries/saved/a${path}`);
      expect(gone).toMatchObject({ status: 404, body: { error_code: "ResourceNotFoundError" } });
    }
  });

  test("is answered beside its definition, with the read key, as it would be live", async () => {
    await put("by-country", { query: { ...COUNT, group_by: "country", interval: "daily" } });
    const { status, body } = await result("by-country");
    const live = await t.query("count", { timeframe: "this_14_days", group_by: "country", interval: "daily" });
    expect([status, body["query_name"], body["result"]]).toEqual([200, "by-country", live.body.result]);
    await put("rows", {
      query: { analysis_type: "extraction", event_collection: "purchases", property_names: "price" },
    });
    expect(new Set((await result("rows")).body["result"] as object[])).toEqual(new Set([{ price: 5 }, { price: 7 }]));
  });

  test("tells its metadata when asked, like a live one", async () => {
    await put("m");
    const { body } = await t.send("GET", "/queries/saved/m/result?include_metadata=true&analysis_type=result");
    expect(body.execution_metadata).toMatchObject({ events_scanned: 2 });
  });

  test("is renamed by query_name, never onto another", async () => {
    await put("old", { query: COUNT, metadata: { kept: true } });
    await put("taken");
    const clash = await put("old", { query: COUNT, query_name: "taken" });
    expect(clash).toMatchObject({ status: 400, body: { error_code: "InvalidParameterError" } });
    expect(await put("old", { query: COUNT, query_name: "new" })).toMatchObject({
      status: 200,
      body: { query_name: "new" },
    });
    expect((await result("old")).status).toBe(404);
    expect((await result("new")).body["result"]).toBe(2);
    expect((await put("nobody", { query: COUNT, query_name: "x" })).status).toBe(404);
  });

  test.each([
    ["no query", {}, "MissingParameterError", "query"],
    ["a query that is text", { query: "count" }, "InvalidParameterError", "query"],
    ["no analysis", { query: {} }, "MissingParameterError", "query.analysis_type"],
    ["an analysis nobody knows", { query: { analysis_type: "constructor" } }, "ResourceNotFoundError", "constructor"],
    ["what a live query refuses", { query: { ...COUNT, timeFrame: "today" } }, "InvalidParameterError", "timeframe"],
    ["a filter nobody knows", { query: { ...COUNT, filters: [{ operator: "is" }] } }, "InvalidFilterError", "filters"],
    ["a refresh rate that is too short", { query: COUNT, refresh_rate: 60 }, "InvalidParameterError", "14400"],
    ["a refresh rate that is no number", { query: COUNT, refresh_rate: {} }, "InvalidParameterError", "refresh_rate"],
    ["a misspelt member", { query: COUNT, meta_data: {} }, "InvalidParameterError", "metadata"],
    [
      "a cached extraction",
      { query: { analysis_type: "extraction", event_collection: "purchases" }, refresh_rate: 14_400 },
      "InvalidParameterError",
      "extraction",
    ],
    [
      "more than a definition may be",
      { query: COUNT, metadata: "x".repeat(100_001) },
      "RequestEntityTooLarge",
      "100000",
    ],
  ])("%s is refused by name and saves nothing", async (_, body, code, said) => {
    const answer = await put("bad", body);
    expect(answer.body).toEqual({ error_code: code, message: expect.stringContaining(said) });
    expect((await t.send("GET", "/queries/saved/bad")).status).toBe(404);
  });

  test.each(["a b", "a%2Fb", "é", "x".repeat(201), "%00", "a.b"])(
    "the name %s is refused, and nobody has it",
    async (name) => {
      expect(await put(name)).toMatchObject({ status: 400, body: { error_code: "InvalidParameterError" } });
      expect((await t.send("GET", `/queries/saved/${name}`)).status).toBe(404);
      expect((await t.send("DELETE", `/queries/saved/${name}`)).status).toBe(404);
    },
  );

  test.each(["__proto__", "constructor", "result", "toString"])("%s is a name like any other", async (name) => {
    expect((await result(name)).status).toBe(404);
    expect((await put(name)).status).toBe(201);
    expect((await result(name)).body["result"]).toBe(2);
  });

  test("that can no longer be read says so by its name", async () => {
    await t.registry.put(
      { partition: `saved:${t.shop.id}`, sort: "ancient" },
      { name: "ancient", analysis: "count", parameters: { steps: 1 }, refreshRate: 0, createdAt: 1, modifiedAt: 1 },
    );
    const { status, body } = await result("ancient");
    expect([status, body["message"]]).toEqual([
      400,
      expect.stringMatching(/^The saved query "ancient": "steps" is not/),
    ]);
  });

  test("is its project's alone, and definitions need the master key", async () => {
    await put("secret");
    const other = await t.createProject("Other");
    const theirs = { key: other.masterKey, url: other.url };
    expect((await t.send("GET", "/queries/saved/secret/result", theirs)).status).toBe(404);
    expect((await t.send("GET", "/queries/saved", theirs)).body).toEqual([]);
    for (const key of [t.shop.readKey, t.shop.writeKey, other.masterKey]) {
      for (const [method, path] of [
        ["GET", ""],
        ["GET", "/secret"],
        ["DELETE", "/secret"],
        ["PUT", "/secret"],
      ] as const) {
        expect(
          (await t.send(method, `/queries/saved${path}`, { key, ...(method === "PUT" && { body: {} }) })).status,
        ).toBe(401);
      }
    }
    expect((await result("secret", t.shop.writeKey)).status).toBe(401);
  });

  test("cannot show what a forced filter hides", async () => {
    await put("wide", {
      query: {
        ...COUNT,
        filters: [
          {
            operator: "or",
            operands: [
              { property_name: "price", operator: "exists", property_value: true },
              { property_name: "country", operator: "exists", property_value: false },
            ],
          },
        ],
      },
    });
    const narrow = await createTestApp((deps) =>
      withForcedFilter({ ...deps }, { kind: "eq", field: "country", value: "PL" }),
    );
    await narrow.record({ properties: { price: 5, country: "PL" } }, { properties: { price: 7, country: "DE" } });
    const body = {
      query: {
        ...COUNT,
        filters: [{ operator: "or", operands: [{ property_name: "price", operator: "exists", property_value: true }] }],
      },
    };
    await narrow.send("PUT", "/queries/saved/wide", { body });
    expect((await narrow.get("/queries/saved/wide/result")).body.result).toBe(1);
    await narrow.close();
  });
});

describe("the list", () => {
  test("is by name, whatever keen-analysis adds to it, and goes on after a name", async () => {
    const { id, masterKey: key, url } = await t.createProject("Listed");
    for (const name of ["b", "a", "c", "B"])
      await t.send("PUT", `/queries/saved/${name}`, { key, url, body: { query: COUNT } });
    const names = async (query: string) => {
      const { body } = await t.send<{ query_name: string }[]>("GET", `/queries/saved${query}`, { key, url });
      return body.map(({ query_name: name }) => name);
    };
    expect(id).toHaveLength(24);
    expect(await names("?analysis_type=saved")).toEqual(["B", "a", "b", "c"]);
    expect(await names("?limit=2")).toEqual(["B", "a"]);
    expect(await names("?limit=2&after_name=a")).toEqual(["b", "c"]);
    expect(await names("?after_name=aa")).toEqual(["b", "c"]);
    expect((await t.send("GET", "/queries/saved?limit=0", { key, url })).status).toBe(400);
  });

  test("of ten thousand is told that it goes in pages, and goes", async () => {
    const { id, masterKey: key, url } = await t.createProject("Many");
    const saved = { analysis: "count", parameters: COUNT, refreshRate: 0, createdAt: 1, modifiedAt: 1 };
    const nameOf = (i: number) => `q${String(i).padStart(5, "0")}`;
    for (let i = 0; i < 10_000; i++) {
      await t.registry.put({ partition: `saved:${id}`, sort: nameOf(i) }, { ...saved, name: nameOf(i) });
    }
    const whole = await t.send("GET", "/queries/saved", { key, url });
    expect(whole).toMatchObject({ status: 413, body: { error_code: "AnswerTooLarge" } });
    const page = await t.send<{ query_name: string }[]>("GET", `/queries/saved?limit=1000&after_name=q08999`, {
      key,
      url,
    });
    expect(page.body).toHaveLength(1_000);
    expect(page.body.at(-1)?.query_name).toBe("q09999");
  });
});
