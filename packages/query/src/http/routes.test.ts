import fc from "fast-check";
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

const encoded = (value: unknown) => encodeURIComponent(JSON.stringify(value));

/** The answer to a GET under the shop's URL, key in the query string. */
const fetchPath = (path: string, init: RequestInit = {}) =>
  t.app.request(`${t.shop.url}${path}${path.includes("?") ? "&" : "?"}api_key=${t.shop.readKey}`, init);

describe("GET form", () => {
  const count = "/queries/count?event_collection=purchases";

  test("plain text, JSON text and keen-analysis' quoted text mean the same", async () => {
    const filters = encoded([{ property_name: "price", operator: "eq", property_value: 5 }]);
    const grouped = encoded([{ price: 5, result: 1 }]);
    for (const parameters of [
      `&timeframe=this_2_days&filters=${filters}&group_by=price`,
      `&timeframe=%22this_2_days%22&filters=${filters}&group_by=${encoded(["price"])}`,
      `&timeframe=${encoded({ start: "2021-03-09", end: "2021-03-11" })}&filters=${filters}&group_by=%22price%22`,
      `&timeframe=this_2_days&timezone=%22UTC%22&filters=${filters}&group_by=price&order_by=${encoded({ property_name: "result" })}&limit=3`,
    ]) {
      const response = await fetchPath(count + parameters);
      expect(await response.text(), parameters).toBe(`{"result":${decodeURIComponent(grouped)}}`);
    }
  });

  test("a numeric timezone arrives as text", async () => {
    const response = await fetchPath(`${count}&timeframe=today&timezone=-28800`);
    expect(await response.json()).toEqual({ result: 1 });
  });

  test("empty parts and empty values are ignored; so is analysis_type beside the path", async () => {
    expect((await fetchPath(`${count}&&filters=&interval=&analysis_type=sum&`)).status).toBe(200);
  });

  test("the same name twice with different values is refused", async () => {
    const response = await fetchPath(`${count}&group_by=a&group_by=b`);
    expect(await response.json()).toEqual({
      error_code: "InvalidParameterError",
      message: "group_by is given twice with different values.",
    });
  });

  test("HEAD answers as GET does, without a body", async () => {
    const response = await fetchPath(count, { method: "HEAD" });
    expect([response.status, await response.text()]).toEqual([200, ""]);
  });
});

describe("POST form", () => {
  const post = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
    t.app.request(`${t.shop.url}/queries/count`, {
      method: "POST",
      headers: { Authorization: t.shop.readKey, ...headers },
      body,
    });

  test("JSON whatever the content type says; null is absent", async () => {
    const body = JSON.stringify({ event_collection: "purchases", filters: null, interval: null, timezone: 0 });
    const response = await post(body, { "Content-Type": "text/plain" });
    expect(await response.json()).toEqual({ result: 2 });
  });

  test.each([
    ["not JSON", "{", "InvalidJSONError"],
    ["a list", "[]", "InvalidJSONError"],
    ["a string", '""', "InvalidJSONError"],
    ["null", "null", "InvalidJSONError"],
    ["not UTF-8", new Uint8Array([0x22, 0xff, 0x22]), "InvalidJSONError"],
    ["nothing", "", "MissingParameterError"],
    ["a number beyond all numbers", '{"event_collection":"purchases","limit":1e999}', "InvalidParameterError"],
    [
      "an integer that no double has",
      '{"event_collection":"purchases","limit":1234567890123456789}',
      "InvalidParameterError",
    ],
    ["nested 100,000 deep", `{"filters":${"[".repeat(100_000)}${"]".repeat(100_000)}}`, "InvalidParameterError"],
    ["only __proto__", '{"__proto__":{"event_collection":"purchases"}}', "InvalidParameterError"],
  ])("%s is refused with %s", async (_, body, code) => {
    const response = await post(body);
    expect([response.status, await response.json()]).toEqual([400, { error_code: code, message: expect.any(String) }]);
  });

  test("a body that is too large is refused before it is read", async () => {
    const response = await post(`{"x":"${"x".repeat(4_000_000)}"}`);
    expect([response.status, await response.json()]).toEqual([
      413,
      expect.objectContaining({ error_code: "RequestEntityTooLarge" }),
    ]);
  });

  test("whatever is sent, the answer is never a fault of ours", async () => {
    const names = ["event_collection", "timeframe", "timezone", "interval", "filters", "group_by", "order_by", "limit"];
    const more = [
      "target_property",
      "percentile",
      "analyses",
      "latest",
      "property_names",
      "bots",
      "__proto__",
      "zero_fill",
    ];
    const words = [
      "purchases",
      "price",
      "this_7_days",
      "daily",
      "result",
      "eq",
      "$visitor",
      "keen.timestamp",
      "UTC",
      "",
    ];
    const value = fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(...words),
      fc.jsonValue({ maxDepth: 3 }),
      fc.array(
        fc.record({
          property_name: fc.constantFrom(...words),
          operator: fc.constantFrom("eq", "gt", "in", "or"),
          property_value: fc.jsonValue(),
        }),
        { maxLength: 2 },
      ),
    );
    const parameters = fc.dictionary(fc.constantFrom(...names, ...more), value);
    const analysis = fc.constantFrom("count", "sum", "percentile", "extraction", "multi_analysis", "select_unique");
    await fc.assert(
      fc.asyncProperty(analysis, parameters, async (name, raw) => {
        const response = await t.app.request(`${t.shop.url}/queries/${name}`, {
          method: "POST",
          headers: { Authorization: t.shop.readKey },
          body: JSON.stringify({ event_collection: "purchases", ...raw }),
        });
        const body = (await response.json()) as { error_code?: string };
        expect(response.status, JSON.stringify(body)).toBeLessThan(500);
        expect(body.error_code === undefined).toBe(response.status === 200);
      }),
      { numRuns: 300 },
    );
  });
});

describe("keys", () => {
  const status = async (key: string | undefined, path = t.shop.url) =>
    (
      await t.app.request(
        `${path}/queries/count?event_collection=purchases`,
        key === undefined ? {} : { headers: { Authorization: key } },
      )
    ).status;

  test("read and master may ask; write, unknown and none may not; an unknown project is 404 even then", async () => {
    expect(await status(t.shop.readKey)).toBe(200);
    expect(await status(t.shop.masterKey)).toBe(200);
    expect(await status(t.shop.writeKey)).toBe(401);
    expect(await status("NOPE")).toBe(401);
    expect(await status(undefined)).toBe(401);
    expect(await status("NOPE", "/3.0/projects/ffffffffffffffffffffffff")).toBe(404);
  });

  test("a key of another project is nothing here, in no place and on no route", async () => {
    const other = await t.createProject("Other");
    const paths = ["", "/events", "/events/purchases", "/events/purchases/properties/price", "/ledger", "/queries"];
    for (const path of [
      ...paths,
      "/queries/count?event_collection=purchases",
      "/queries/extraction?event_collection=purchases",
    ]) {
      const response = await t.app.request(t.shop.url + path, { headers: { Authorization: other.masterKey } });
      expect([path, response.status]).toEqual([path, 401]);
    }
  });
});

describe("the list of projects", () => {
  const list = async (key?: string) => {
    const response = await t.app.request("/3.0/projects", key === undefined ? {} : { headers: { Authorization: key } });
    return { status: response.status, body: await response.json() };
  };

  test("is the key's own project, as the project itself is shown", async () => {
    const own = await t.send("GET", "");
    for (const key of [t.shop.masterKey, t.shop.readKey]) {
      expect(await list(key)).toEqual({ status: 200, body: [own.body] });
    }
    const other = await t.createProject("Other");
    expect((await list(other.masterKey)).body).toMatchObject([{ id: other.id, events: [] }]);
    for (const key of [undefined, "", t.shop.writeKey, "nobody's", "x".repeat(10_000)]) {
      expect((await list(key)).status).toBe(401);
    }
  });

  test("the organisation's usage counts cached queries", async () => {
    const query = { analysis_type: "count", event_collection: "purchases" };
    await t.send("PUT", "/queries/saved/cached", { body: { query, refresh_rate: 14_400 } });
    await t.send("PUT", "/queries/saved/live", { body: { query } });
    expect((await t.send("GET", "/organization-usage")).body).toEqual({
      cached_queries: { limited: false, limit: null, current_usage: 1 },
    });
  });
});

describe("JSONP", () => {
  test("a call of the named function, as script; errors keep their status, so that a page takes them for errors", async () => {
    const response = await fetchPath("/queries/count?event_collection=purchases&jsonp=keenJSONPCallback17");
    expect(await response.text()).toBe('/**/keenJSONPCallback17({"result":2});');
    expect(response.headers.get("content-type")).toMatch(/^application\/javascript/);
    const failed = await fetchPath("/queries/count?jsonp=cb");
    expect(failed.status).toBe(400);
    expect(await failed.text()).toMatch(/^\/\*\*\/cb\(\{"message":.*"error_code":"MissingParameterError"\}\);$/);
  });

  test("a name that is more than a name is refused", async () => {
    const response = await fetchPath(
      `/queries/count?event_collection=purchases&jsonp=${encodeURIComponent("alert(1);x")}`,
    );
    expect([response.status, response.headers.get("content-type")]).toEqual([400, "application/json"]);
  });

  test("only with api_key: a key in the header makes no script", async () => {
    const response = await t.app.request(`${t.shop.url}/queries/count?event_collection=purchases&jsonp=cb`, {
      headers: { Authorization: t.shop.readKey },
    });
    expect(await response.json()).toEqual({ result: 2 });
  });
});

describe("routes", () => {
  test("CORS for any origin, also on errors and preflights, never with credentials", async () => {
    const origin = { Origin: "https://shop.example" };
    const preflight = await t.app.request(`${t.shop.url}/queries/count`, {
      method: "OPTIONS",
      headers: {
        ...origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,keen-sdk",
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-headers")).toBe("authorization,keen-sdk");
    const failed = await t.app.request(`${t.shop.url}/queries/count`, { headers: origin });
    for (const response of [preflight, failed]) {
      expect(response.headers.get("access-control-allow-origin")).toBe("*");
      expect(response.headers.get("access-control-allow-credentials")).toBeNull();
    }
  });

  test("another method is 405, another path 404, both with an error_code", async () => {
    const wrong = await fetchPath("/queries/count", { method: "DELETE" });
    expect([wrong.status, await wrong.json()]).toEqual([
      405,
      expect.objectContaining({ error_code: "MethodNotAllowed" }),
    ]);
    const nowhere = await fetchPath("/nowhere");
    expect([nowhere.status, await nowhere.json()]).toEqual([
      404,
      expect.objectContaining({ error_code: "ResourceNotFoundError" }),
    ]);
  });

  test("every route answers who may not ask before anything else: 404 for no project, 401 for no or no good key", async () => {
    // A share link is opened with what stands in the body: it has to be read to know who asks.
    const ours = t.routes.filter(({ path }) => path.includes(":project") && !path.endsWith("/share-links/open"));
    expect(ours.length).toBeGreaterThan(20);
    for (const { method, path } of ours) {
      const url = (project: string) => path.replace(":project", project).replaceAll(/:\w+/g, "x");
      const status = async (project: string, key?: string) => {
        const init = { method, ...(method === "GET" ? {} : { body: "{ not JSON" }) };
        return (
          await t.app.request(url(project), { ...init, headers: key === undefined ? {} : { Authorization: key } })
        ).status;
      };
      const answers = [
        await status("nope", t.shop.masterKey),
        await status(t.shop.id),
        await status(t.shop.id, "nobody's"),
      ];
      expect([`${method} ${path}`, ...answers]).toEqual([`${method} ${path}`, 404, 401, 401]);
    }
  });

  test("every route declares its class, and none here takes cookies", () => {
    expect(new Set(t.routes.map((route) => route.class))).toEqual(new Set(["query"]));
  });

  test("a client that went away is no fault of ours", async () => {
    const response = await fetchPath("/queries/count?event_collection=purchases", { signal: AbortSignal.abort() });
    expect(response.status).toBe(499);
  });

  test("a fault is 500 with an error_code and no detail, and is recorded by the execution", async () => {
    const recorded: string[] = [];
    const broken = await createTestApp((deps) => ({
      ...deps,
      catalogue: { ...deps.catalogue, view: async () => Promise.reject(new Error("secret detail")) },
      executions: {
        run: async (_source, work) => {
          const execution = {
            id: "e",
            coldStart: false,
            label: () => {},
            metric: () => {},
            startSpan: () => ({ end: () => {} }),
          };
          return work(execution).catch((thrown: unknown) => {
            recorded.push(String(thrown));
            throw thrown;
          });
        },
      },
    }));
    const { status, body } = await broken.query("count");
    expect([status, body.error_code]).toEqual([500, "InternalServerError"]);
    expect(JSON.stringify(body)).not.toContain("secret detail");
    expect(recorded.join()).toContain("secret detail");
    await broken.close();
  });
});
