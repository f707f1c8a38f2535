import { MillraceError, type JsonObject } from "@millrace/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestApp, type TestApp } from "../../test/setup.ts";

let t: TestApp;
beforeAll(async () => {
  t = await createTestApp((deps) => ({ ...deps, checkAutofill }));
  await t.record(
    { properties: { price: 5, tenant: "mine", paid: true } },
    { properties: { price: 7, tenant: "mine", paid: false } },
    { properties: { price: 100, tenant: "yours", paid: true } },
  );
  for (const [name, refresh_rate] of [
    ["a", 0],
    ["b", 0],
    ["cached", 14_400],
  ] as const) {
    await t.send("PUT", `/queries/saved/${name}`, { body: { query: SUM, refresh_rate } });
  }
});
afterAll(() => t.close());

const SUM = { analysis_type: "sum", event_collection: "purchases", target_property: "price" };
const MINE = { property_name: "tenant", operator: "eq", property_value: "mine" };
const YOURS = { property_name: "tenant", operator: "eq", property_value: "yours" };

/** As ingest has it, in short. */
function checkAutofill(properties: JsonObject): void {
  const bad = Object.keys(properties).find((name) => name.startsWith("$"));
  if (bad !== undefined) throw new MillraceError("InvalidPropertyNameError", `"${bad}" is no name.`);
}

interface Shown {
  readonly key: string;
  readonly error_code?: string;
  readonly message?: string;
}

const make = (body: object) => t.send<Shown>("POST", "/keys", { body: { name: "k", permitted: ["queries"], ...body } });
const keyOf = async (body: object) => {
  const { status, body: shown } = await make(body);
  expect([status, shown.message]).toEqual([201, undefined]);
  return shown.key;
};
const ask = async (key: string, path: string, body?: object) =>
  t.send(body ? "POST" : "GET", path, { key, ...(body && { body }) });

describe("the routes", () => {
  test("create, list, get, replace, switch off and on, delete: as Keen's clients read them", async () => {
    const made = await make({ name: "customer-93", permitted: ["queries", "writes"], options: { writes: null } });
    const { key } = made.body;
    const none = { writes: null, queries: null, saved_queries: null, cached_queries: null, datasets: null };
    const shown = {
      key,
      name: "customer-93",
      is_active: true,
      permitted: ["queries", "writes"],
      project_id: t.shop.id,
      options: none,
    };
    expect(made).toEqual({ status: 201, body: shown });
    expect(key).toMatch(/^[0-9a-f]{72}$/);
    expect(await t.send("GET", `/keys/${key}`)).toEqual({ status: 200, body: shown });
    expect((await t.send<object[]>("GET", "/keys?name=customer-93")).body).toEqual([shown]);
    const filters = [MINE];
    const replaced = await t.send("POST", `/keys/${key}`, {
      body: { ...shown, name: "new", permitted: ["schema"], options: { queries: { filters } } },
    });
    expect(replaced).toEqual({
      status: 200,
      body: { ...shown, name: "new", permitted: ["schema"], options: { ...none, queries: { filters } } },
    });
    // Some clients send an empty text.
    expect(await t.send("POST", `/keys/${key}/revoke`, { body: "" })).toMatchObject({
      status: 200,
      body: { key, is_active: false },
    });
    expect((await ask(key, "/events")).body.message).toBe("This access key is revoked.");
    expect(await t.send("POST", `/keys/${key}/unrevoke`)).toMatchObject({ status: 200, body: { is_active: true } });
    expect((await ask(key, "/events")).status).toBe(200);
    expect(await t.send("DELETE", `/keys/${key}`)).toEqual({ status: 204, body: undefined });
    expect((await ask(key, "/events")).status).toBe(401);
    for (const [method, path] of [
      ["GET", ""],
      ["POST", "/revoke"],
      ["DELETE", ""],
    ] as const) {
      expect((await t.send(method, `/keys/${key}${path}`)).status).toBe(404);
    }
  });

  test("are the master key's alone, and a project's keys are its own", async () => {
    const key = await keyOf({ permitted: ["queries", "schema", "writes", "saved_queries", "datasets"] });
    const other = await t.createProject("Other");
    for (const caller of [key, t.shop.readKey, t.shop.writeKey, other.masterKey]) {
      for (const [method, path] of [
        ["GET", ""],
        ["POST", ""],
        ["GET", `/${key}`],
        ["POST", `/${key}`],
        ["DELETE", `/${key}`],
      ] as const) {
        expect(
          (await t.send(method, `/keys${path}`, { key: caller, ...(method === "POST" && { body: {} }) })).status,
        ).toBe(401);
      }
    }
    const theirs = { key: other.masterKey, url: other.url };
    expect((await t.send("GET", `/keys/${key}`, theirs)).status).toBe(404);
    expect((await t.send("POST", `/keys/${key}/revoke`, theirs)).status).toBe(404);
    expect((await t.send("GET", "/queries", { key, url: other.url })).status).toBe(401);
    expect((await ask(key, "/queries")).status).toBe(200);
  });

  test.each([
    ["no name", { name: null }, "MissingParameterError", "name"],
    ["an empty name", { name: " " }, "InvalidParameterError", "name"],
    ["a permission nobody knows", { permitted: ["master"] }, "InvalidParameterError", "permitted[0]"],
    ["an option nobody knows", { options: { query: {} } }, "InvalidParameterError", "options"],
    ["a member nobody knows", { isActive: true }, "InvalidParameterError", "is_active"],
    [
      "a filter that cannot be read",
      { options: { queries: { filters: [{ operator: "eq" }] } } },
      "InvalidFilterError",
      "options.queries.filters[0]",
    ],
    [
      "another, of saved queries",
      { options: { saved_queries: { filters: [7] } } },
      "InvalidFilterError",
      "options.saved_queries.filters[0]",
    ],
    [
      "names that are no list",
      { options: { saved_queries: { allowed: "a" } } },
      "InvalidParameterError",
      "options.saved_queries.allowed",
    ],
    ["autofill no event can have", { options: { writes: { autofill: { $a: 1 } } } }, "InvalidPropertyNameError", "$a"],
    [
      "more than a key may be",
      { options: { writes: { autofill: { a: "x".repeat(9_000), b: "x".repeat(9_000), c: "x".repeat(9_000) } } } },
      "RequestEntityTooLarge",
      "20000",
    ],
  ])("%s is refused by name", async (_, body, code, said) => {
    expect((await make(body)).body).toEqual({ error_code: code, message: expect.stringContaining(said) });
  });

  test.each(["x", "__proto__", "0".repeat(72), "%00", "é"])("nobody has the key %s", async (key) => {
    expect((await t.send("GET", `/keys/${key}`)).status).toBe(404);
    expect((await t.send("DELETE", `/keys/${key}`)).status).toBe(404);
  });

  test("the list goes in pages", async () => {
    const { masterKey: key, url } = await t.createProject("Pages");
    for (let i = 0; i < 5; i++) await t.send("POST", "/keys", { key, url, body: { name: `k${i}` } });
    const all = (await t.send<Shown[]>("GET", "/keys", { key, url })).body.map((shown) => shown.key);
    const first = (await t.send<Shown[]>("GET", "/keys?limit=2", { key, url })).body.map((shown) => shown.key);
    const rest = await t.send<Shown[]>("GET", `/keys?limit=9&after_key=${first[1]}`, { key, url });
    expect([...first, ...rest.body.map((shown) => shown.key)]).toEqual(all);
    expect(all).toHaveLength(5);
  });
});

describe("what a key permits", () => {
  const routes = [
    ["queries", "/queries/sum", SUM],
    ["queries", "/ledger", undefined],
    ["schema", "/events", undefined],
    ["schema", "/events/purchases", undefined],
    ["schema", "/events/purchases/properties/price", undefined],
    ["saved_queries", "/queries/saved/a/result", undefined],
    ["cached_queries", "/queries/saved/cached/result", undefined],
  ] as const;

  test.each(["queries", "schema", "saved_queries", "cached_queries", "writes"])(
    "%s, and nothing else",
    async (only) => {
      const key = await keyOf({ permitted: [only] });
      for (const [needs, path, body] of routes) {
        const { analysis_type: _, ...parameters } = body ?? { analysis_type: undefined };
        const { status } = await ask(key, path, body && parameters);
        expect([path, status]).toEqual([path, needs === only ? 200 : 401]);
      }
    },
  );

  test("of a batch each part by itself", async () => {
    const queries = {
      live: SUM,
      a: { saved_query_name: "a" },
      cached: { saved_query_name: "cached" },
      none: { saved_query_name: "none" },
    };
    const outcomes = async (permitted: string[], options = {}) => {
      const key = await keyOf({ permitted, options });
      const { body } = await ask(key, "/queries/batch", { queries });
      return Object.values(body.result as Record<string, { result?: number; status?: number }>).map(
        ({ result, status }) => status ?? result,
      );
    };
    expect(await outcomes(["queries"])).toEqual([112, 401, 401, 401]);
    expect(await outcomes(["saved_queries"])).toEqual([401, 112, 401, 404]);
    expect(await outcomes(["cached_queries"], { cached_queries: { allowed: [] } })).toEqual([401, 401, 401, 401]);
  });

  test("names: blocked beats allowed, an empty list is none; what is not there sounds no different", async () => {
    const status = async (saved_queries: object, name: string) =>
      (
        await ask(
          await keyOf({ permitted: ["saved_queries"], options: { saved_queries } }),
          `/queries/saved/${name}/result`,
        )
      ).status;
    expect(await status({ allowed: ["a"] }, "a")).toBe(200);
    expect(await status({ allowed: ["a"] }, "b")).toBe(401);
    expect(await status({ allowed: ["a"] }, "none")).toBe(401);
    expect(await status({ allowed: ["a"], blocked: ["a"] }, "a")).toBe(401);
    expect(await status({ blocked: ["a"] }, "b")).toBe(200);
    expect(await status({ allowed: [] }, "a")).toBe(401);
    expect(await status({ allowed: ["__proto__"] }, "constructor")).toBe(401);
  });
});

describe("forced filters", () => {
  const permitted = ["queries", "saved_queries", "cached_queries", "schema"];
  const mine = () => keyOf({ permitted, options: { queries: { filters: [MINE] } } });
  const anything = { operator: "or", operands: [MINE, YOURS, { operator: "not", operands: [MINE] }] };

  test("hold whatever the question says: or, filters of a multi_analysis, extractions, batches, metadata, saved ones", async () => {
    const key = await mine();
    const { analysis_type: _, ...sum } = SUM;
    expect((await ask(key, "/queries/sum", sum)).body.result).toBe(12);
    expect((await ask(key, "/queries/sum", { ...sum, filters: [anything] })).body.result).toBe(12);
    expect((await ask(key, "/queries/sum", { ...sum, filters: [YOURS] })).body.result).toBe(0);
    const analyses = {
      it: { analysis_type: "count", filters: [anything] },
      yours: { analysis_type: "count", filters: [YOURS] },
    };
    const multi = await ask(key, "/queries/multi_analysis", { event_collection: "purchases", analyses });
    expect(multi.body.result).toEqual({ it: 2, yours: 0 });
    const rows = await ask(key, "/queries/extraction", { event_collection: "purchases", property_names: ["tenant"] });
    expect(rows.body.result).toEqual([{ tenant: "mine" }, { tenant: "mine" }]);
    const metadata = await ask(key, "/queries/sum", { ...sum, include_metadata: true });
    expect(metadata.body.execution_metadata).toMatchObject({ events_scanned: 2 });
    for (const name of ["a", "cached"]) {
      expect((await ask(key, `/queries/saved/${name}/result`)).body.result).toBe(12);
    }
    const { body } = await ask(key, "/queries/batch", {
      max_age: 60,
      queries: { live: SUM, saved: { saved_query_name: "a" } },
    });
    expect(body.result).toEqual({ live: { result: 12 }, saved: { result: 12 } });
    expect((await ask(key, "/ledger")).status).toBe(401);
    const all = await t.send("POST", "/queries/batch", {
      body: { max_age: 60, queries: { live: SUM, saved: { saved_query_name: "a" } } },
    });
    expect(all.body.result).toEqual({ live: { result: 112 }, saved: { result: 112 } });
  });

  test("of saved queries are added to those, and to those only", async () => {
    const paid = { property_name: "paid", operator: "eq", property_value: true };
    const options = { queries: { filters: [MINE] }, saved_queries: { filters: [paid] } };
    const key = await keyOf({ permitted, options });
    const queries = { live: SUM, saved: { saved_query_name: "a" } };
    expect((await ask(key, "/queries/batch", { max_age: 60, queries })).body.result).toEqual({
      live: { result: 12 },
      saved: { result: 5 },
    });
    // The same questions under the same filter for questions: nothing of the other key is shared.
    expect((await ask(await mine(), "/queries/batch", { max_age: 60, queries })).body.result).toMatchObject({
      saved: { result: 12 },
    });
  });

  test("that nobody can read any more let nothing through", async () => {
    const key = await mine();
    const [item] = (await t.registry.list<{ key: string; options: object }>(`access-keys:${t.shop.id}`)).filter(
      ({ value }) => value.key === key,
    );
    if (!item) throw new Error("The key is not where it should be.");
    await t.registry.put(item.key, { ...item.value, options: { queries: { filters: [{ operator: "ancient" }] } } });
    expect((await ask(key, "/queries/saved/a/result")).body.error_code).toBe("InvalidFilterError");
    expect((await ask(key, "/queries/count", { event_collection: "purchases" })).status).toBe(400);
  });
});
