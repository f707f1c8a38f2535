import { createLocalServer, readConfig, type LocalServer } from "@millrace/local";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, expectTypeOf, test, vi } from "vitest";
import { createClient, type Bucket, type MillraceClient, type PercentileValues, type TimeToConvert } from "./index.ts";

let folder: string;
let server: LocalServer;
let client: MillraceClient;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "millrace-client-"));
  server = await createLocalServer({ ...readConfig({}), port: 0, dataFolder: folder });
  const { url, project, readKey, writeKey } = server.demo;
  client = createClient({ url: `${url}/`, projectId: project, readKey, writeKey });

  await client.record("a b/c", { price: 1 });
  const answers = await client.recordAll({
    purchases: [{ price: 10, country: "PL" }, { price: 20, country: "US" }, { "bad.name": 1 }],
  });
  expect(answers["purchases"]).toEqual([
    { success: true },
    { success: true },
    { success: false, error: { name: "InvalidPropertyNameError", description: expect.any(String) } },
  ]);
  await vi.waitFor(async () => expect(await stored()).toBe(3), { timeout: 60_000 });
});

afterAll(async () => {
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Events stored so far, by the ledger. */
async function stored(): Promise<number> {
  const { result } = await client.ledger();
  return result.reduce((sum, hour) => sum + hour.stored, 0);
}

describe("against the whole product", () => {
  test("definitions: made, read with a read key, refused where somebody was quicker, deleted", async () => {
    const { url, project: projectId, masterKey } = server.demo;
    const master = createClient({ url, projectId, masterKey });
    const goal = { title: "Paid", content: { event: "purchases", filters: [] } };
    const made = await master.definitions.put("goals", "paid", { ...goal, version: 0 });
    expect(await client.definitions.list("goals")).toEqual([made]);
    expect(await client.definitions.get("goals", "paid")).toMatchObject({ ...goal, version: 1 });
    await expect(master.definitions.put("goals", "paid", { ...goal, version: 0 })).rejects.toMatchObject({
      status: 400,
    });
    await master.definitions.delete("goals", "paid");
    await expect(client.definitions.get("goals", "paid")).rejects.toMatchObject({ status: 404 });
  });

  test("datasets: made, listed, asked for a value of their index, deleted", async () => {
    const { url, project: projectId, masterKey } = server.demo;
    const master = createClient({ url, projectId, masterKey });
    const query = {
      analysis_type: "sum",
      event_collection: "purchases",
      target_property: "price",
      timeframe: "this_2_days",
      interval: "daily",
    } as const;
    await master.datasets.create("revenue", { query, index_by: "country" });
    expect(await client.datasets.list()).toMatchObject({ datasets: [{ dataset_name: "revenue" }], count: 1 });
    const { result } = await client.datasets.results("revenue", { country: "PL" });
    expect(result.map(({ value }) => Number(value)).reduce((sum, value) => sum + value)).toBe(10);
    await master.datasets.delete("revenue");
    await expect(client.datasets.get("revenue")).rejects.toMatchObject({ status: 404 });
  });

  test("access keys: made, used, replaced, switched off and on, listed, ended", async () => {
    const { url, project: projectId, masterKey } = server.demo;
    const { accessKeys } = createClient({ url, projectId, masterKey });
    const polish = { property_name: "country", operator: "eq", property_value: "PL" } as const;
    const made = await accessKeys.create({
      name: "poland",
      permitted: ["queries"],
      options: { queries: { filters: [polish] } },
    });
    const theirs = createClient({ url, projectId, readKey: made.key });
    const revenue = () => theirs.query("sum", { event_collection: "purchases", target_property: "price" });
    expect((await revenue()).result).toBe(10);
    expect(await accessKeys.revoke(made.key)).toMatchObject({ key: made.key, is_active: false });
    await expect(revenue()).rejects.toMatchObject({ status: 401 });
    expect(await accessKeys.unrevoke(made.key)).toMatchObject({ is_active: true });
    await accessKeys.replace(made.key, { name: "all", permitted: ["queries"] });
    expect((await revenue()).result).toBe(30);
    expect(await accessKeys.list({ limit: 5 })).toEqual([await accessKeys.get(made.key)]);
    await accessKeys.delete(made.key);
    expect(await accessKeys.list()).toEqual([]);
  });

  test("saved queries: put, list, asked alone and in a batch, deleted", async () => {
    const { url, project: projectId, masterKey } = server.demo;
    const master = createClient({ url, projectId, masterKey });
    const { savedQueries } = master;
    const query = { analysis_type: "sum", event_collection: "purchases", target_property: "price" } as const;
    await savedQueries.put("revenue", { query, metadata: { display_name: "Revenue" } });
    expect(await savedQueries.list({ limit: 5 })).toMatchObject([{ query_name: "revenue", query, refresh_rate: 0 }]);
    expect(await savedQueries.get("revenue")).toMatchObject({ metadata: { display_name: "Revenue" } });
    expect(await client.savedQueries.result("revenue")).toMatchObject({ query_name: "revenue", result: 30 });
    const { outcomes } = await master.batch({ it: { saved_query_name: "revenue" } });
    expect(outcomes.it).toEqual({ ok: true, answer: { result: 30 } });
    await expect(client.savedQueries.get("revenue")).rejects.toThrow("masterKey");
    await savedQueries.delete("revenue");
    await expect(savedQueries.get("revenue")).rejects.toMatchObject({ status: 404 });
  });

  test("values, in every shape, typed by what was asked", async () => {
    const total = await client.query("sum", { event_collection: "purchases", target_property: "price" });
    expectTypeOf(total.result).toEqualTypeOf<number>();
    expect(total).toEqual({ result: 30 });

    const grouped = await client.query("average", {
      event_collection: "purchases",
      target_property: "price",
      group_by: "country",
      order_by: { property_name: "result", direction: "DESC" },
    });
    expectTypeOf(grouped.result[0]).toExtend<{ result: number | null } | undefined>();
    expect(grouped.result).toEqual([
      { country: "US", result: 20 },
      { country: "PL", result: 10 },
    ]);

    const days = await client.query("count", {
      event_collection: ["purchases", "a b/c"],
      timeframe: "this_2_days",
      interval: "daily",
    });
    expectTypeOf(days.result).toEqualTypeOf<Bucket<number>[]>();
    expect(days.result).toHaveLength(2);
    expect(days.result.reduce((sum, day) => sum + day.value, 0)).toBe(3);

    const several = await client.query("multi_analysis", {
      event_collection: "purchases",
      analyses: {
        all: { analysis_type: "count" },
        prices: { analysis_type: "select_unique", target_property: "price" },
      },
    });
    expectTypeOf(several.result.all).toEqualTypeOf<number>();
    expect(several.result).toEqual({ all: 2, prices: [10, 20] });

    const who = { event_collection: "purchases", actor_property: "country" } as const;
    const funnel = await client.funnel({
      steps: [who, { ...who, inverted: true }, { ...who, optional: true, with_actors: true }],
    });
    expectTypeOf(funnel.result).toEqualTypeOf<readonly [number, number, number]>();
    expect(funnel).toMatchObject({ result: [2, 0, 0], actors: [null, null, []] });
    // @ts-expect-error -- the first step is the one that says who is counted
    await expect(client.funnel({ steps: [{ ...who, inverted: true }] })).rejects.toThrow("steps[0] cannot be inverted");

    const ordered = await client.funnel({ ordered: true, window: "1_day", breakdown: "country", steps: [who, who] });
    expectTypeOf(ordered.time_to_convert).toEqualTypeOf<readonly [TimeToConvert | null, TimeToConvert | null]>();
    expect(ordered).toMatchObject({ result: [2, 0], time_to_convert: [null, null], groups: [{}, {}] });
    // @ts-expect-error -- nothing comes after what was not done
    await expect(client.funnel({ ordered: true, steps: [who, { ...who, inverted: true }] })).rejects.toThrow(
      "inverted",
    );
    const retention = await client.retention({
      actor_property: "country",
      timeframe: "this_2_days",
      interval: "daily",
      first: { event_collection: "purchases" },
    });
    expect(retention.result.reduce((sum, { value }) => sum + value.size, 0)).toBe(2);
    const paths = await client.paths({
      event_collection: "purchases",
      session_property: "country",
      step_property: "price",
      depth: 1,
    });
    expect([paths.sessions, paths.result.map(({ to }) => to)]).toEqual([2, [{ ended: true }, { ended: true }]]);

    const events = await client.query("extraction", { event_collection: "a b/c", property_names: ["price"] });
    expect(events.result).toEqual([{ price: 1 }]);
  });

  test("an interval that is only known at run time leaves both shapes open", () => {
    const ask = (interval: string | undefined) =>
      client.query("count", { event_collection: "x", timeframe: "today", ...(interval !== undefined && { interval }) });
    expectTypeOf<Awaited<ReturnType<typeof ask>>["result"]>().toEqualTypeOf<number | Bucket<number>[]>();
  });

  test("an extraction as a file, and what is wrong with one", async () => {
    const asked = { event_collection: "purchases", property_names: ["country", "price"] } as const;
    const csv = await client.download("text/csv", asked);
    expect((await csv.text()).split("\r\n").toSorted()).toEqual(["", "PL,10", "US,20", "country,price"]);
    const parquet = await client.download("application/vnd.apache.parquet", asked);
    expect(await parquet.slice(0, 4).text()).toBe("PAR1");
    await expect(client.download("text/csv", { event_collection: "nope" })).rejects.toMatchObject({ status: 404 });
  });

  test("buckets, the others, several percentiles and another time, typed by what was asked", async () => {
    const groups = await client.query("percentiles", {
      event_collection: "purchases",
      target_property: "price",
      percentiles: [50],
      group_by: [{ property_name: "price", buckets: { size: 10 } }],
      order_by: "price",
      limit: 1,
      other: "more",
    });
    expectTypeOf(groups.result[0]?.result).toEqualTypeOf<PercentileValues | undefined>();
    expect(groups.result).toEqual([
      { price: "[10 - 20)", result: { 50: 10 } },
      { price: "more", result: { 50: 20 } },
    ]);
    const compared = await client.query("count", {
      event_collection: "purchases",
      timeframe: "this_2_days",
      interval: "daily",
      compare_to: "previous_period",
    });
    expectTypeOf(compared.comparison.result).toEqualTypeOf<Bucket<number>[]>();
    expect(compared.comparison.result.map(({ value }) => value)).toEqual([0, 0]);
    const plain = await client.query("count", { event_collection: "purchases" });
    expectTypeOf(plain).not.toHaveProperty("comparison");
  });

  test("project and schema", async () => {
    expect((await client.project()).events.map((collection) => collection.name)).toEqual(["a b/c", "purchases"]);
    const schema = await client.schema();
    const purchases = schema.find((collection) => collection.name === "purchases");
    expect(purchases?.properties).toMatchObject({ price: "num", country: "string" });
    expect(purchases?.properties).not.toHaveProperty("$page.path");
    const whole = await client.schema({ standardFields: true });
    expect(whole.find(({ name }) => name === "purchases")?.properties).toHaveProperty(["$page.path"], "string");
  });

  test("what was recorded is deleted: some events, then their collection; the project is listed, and what is cached counted", async () => {
    const { url, project: projectId, masterKey } = server.demo;
    const master = createClient({ url, projectId, masterKey });
    await client.recordAll({ unwanted: [{ n: 1 }, { n: 2 }, { n: 3 }] });
    const count = () => client.query("count", { event_collection: "unwanted" }).then(({ result }) => result);
    await vi.waitFor(async () => expect(await count()).toBe(3), { timeout: 60_000 });
    const filters = [{ property_name: "n", operator: "eq", property_value: 1 }] as const;
    expect(await master.deletions.events("unwanted", { filters })).toEqual({ complete: true });
    expect(await count()).toBe(2);
    const named = async () =>
      Object.hasOwn((await client.schema()).find(({ name }) => name === "unwanted")?.properties ?? {}, "n");
    expect(await named()).toBe(true);
    expect(await master.deletions.property("unwanted", "n")).toEqual({ complete: true });
    expect([await named(), await count()]).toEqual([false, 2]);
    expect(await master.deletions.collection("unwanted")).toEqual({ complete: true });
    expect(await count()).toBe(0);
    expect(await client.projects()).toMatchObject([{ id: projectId }]);
    expect(await master.organizationUsage()).toMatchObject({ cached_queries: { limited: false, limit: null } });
  });

  test("the ledger for a timeframe of one's own", async () => {
    const start = new Date(Date.now() - 86_400_000).toISOString();
    const end = new Date(Date.now() + 86_400_000).toISOString();
    const ledger = await client.ledger({ timeframe: { start, end }, timezone: 3600 });
    expect(ledger.balanced).toBe(true);
    expect(ledger.result[0]?.hour).toMatch(/:00:00\.000Z$/);
  });
});

describe("errors", () => {
  const ask = (changed: MillraceClient, event_collection = "purchases") => changed.query("count", { event_collection });

  test("the API's own code, status and message", async () => {
    await expect(ask(client, "nope")).rejects.toMatchObject({
      name: "MillraceClientError",
      code: "ResourceNotFoundError",
      status: 404,
      retry: false,
      message: "Resource not found. There is no such event collection.",
    });
  });

  test("a key that is missing is noticed before anything is sent", async () => {
    const { url, project, readKey } = server.demo;
    const reader = createClient({ url, projectId: project, readKey, fetch: () => Promise.reject(new Error("sent")) });
    await expect(reader.record("x", {})).rejects.toMatchObject({ code: "InvalidApiKeyError", status: 0 });
  });

  test("no answer, or one of somebody else", async () => {
    const options = { url: "", projectId: "p", readKey: "k" };
    const unreachable = createClient({ ...options, fetch: () => Promise.reject(new TypeError("refused")) });
    await expect(ask(unreachable)).rejects.toMatchObject({ code: "NetworkError", status: 0, retry: true });
    const other = createClient({ ...options, fetch: () => new Response("<html>", { status: 502 }) });
    await expect(ask(other)).rejects.toMatchObject({ code: "UnreadableAnswer", status: 502, retry: true });
  });

  test("an aborted call rejects with the reason of its signal", async () => {
    const reason = new Error("closed");
    const call = client.query("count", { event_collection: "purchases" }, { signal: AbortSignal.abort(reason) });
    await expect(call).rejects.toBe(reason);
  });
});

describe("recording again", () => {
  const event = { n: 1 };
  const created = () => Response.json({ created: true }, { status: 201 });
  const unavailable = (headers: Record<string, string> = {}) =>
    Response.json({ message: "busy", error_code: "ServiceUnavailable" }, { status: 503, headers });

  /** A client whose first answers are these, the last one for good, and the requests it made. */
  function answered(...answers: (() => Response)[]) {
    const requests: { key: string | undefined; body: string | undefined }[] = [];
    const made = createClient({
      url: "",
      projectId: "p",
      writeKey: "w",
      fetch: (_, { headers, body }) => {
        requests.push({ key: headers["Idempotency-Key"], body });
        return (answers.length > 1 ? answers.shift() : answers[0])?.() ?? created();
      },
    });
    return { made, requests };
  }

  beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] }));
  afterEach(() => void vi.useRealTimers());

  test("after a lost answer, 5xx and 429: the same request under the same key, another key for another call", async () => {
    const lost = () => {
      throw new TypeError("connection reset");
    };
    const busy = () => Response.json({ message: "slow", error_code: "RateLimitExceeded" }, { status: 429 });
    const { made, requests } = answered(lost, unavailable, busy, created);
    const changing = { ...event };
    const call = made.record("c", changing);
    changing.n = 2;
    await vi.runAllTimersAsync();
    await call;
    await made.recordAll({ c: [event] });
    expect(requests.map(({ body }) => body)).toEqual([...Array(4).fill('{"n":1}'), '{"c":[{"n":1}]}']);
    expect(new Set(requests.slice(0, 4).map(({ key }) => key)).size).toBe(1);
    expect(requests[4]?.key).not.toBe(requests[0]?.key);
    expect(requests[0]?.key).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  test("ends: six attempts, then the error; what is wrong for good is tried once", async () => {
    const { made, requests } = answered(unavailable);
    const call = expect(made.record("c", event)).rejects.toMatchObject({ code: "ServiceUnavailable", status: 503 });
    await vi.runAllTimersAsync();
    await call;
    expect(requests).toHaveLength(6);
    const wrong = answered(() => Response.json({ message: "no", error_code: "InvalidEventError" }, { status: 400 }));
    await expect(wrong.made.record("c", event)).rejects.toMatchObject({ code: "InvalidEventError" });
    expect(wrong.requests).toHaveLength(1);
  });

  test.each([
    ["seconds", () => "20"],
    ["a date", () => new Date(Date.now() + 20_000).toUTCString()],
  ])(
    "waits at least as long as the server asks, in %s; more than a minute is the caller's to wait",
    async (_, asks) => {
      vi.setSystemTime(1_764_374_400_000);
      const { made, requests } = answered(() => unavailable({ "retry-after": asks() }), created);
      const call = made.record("c", event);
      await vi.advanceTimersByTimeAsync(19_999);
      expect(requests).toHaveLength(1);
      await vi.advanceTimersByTimeAsync(501);
      await call;
      expect(requests).toHaveLength(2);
      const patient = answered(() => unavailable({ "retry-after": "61" }));
      await expect(patient.made.record("c", event)).rejects.toMatchObject({ retryAfterSeconds: 61 });
    },
  );

  test("a signal ends the wait with its reason", async () => {
    const { made, requests } = answered(unavailable);
    const closing = new AbortController();
    const call = made.record("c", event, { signal: closing.signal });
    // Not vi.waitFor: it moves the faked time on while it waits, and the wait under test may be shorter than its steps.
    while (vi.getTimerCount() === 0) await vi.advanceTimersByTimeAsync(0);
    const reason = new Error("closed");
    closing.abort(reason);
    await expect(call).rejects.toBe(reason);
    expect([requests.length, vi.getTimerCount()]).toEqual([1, 0]);
  });
});

test("an answer lost on the way, against the whole product: the event is stored once", async () => {
  const before = await stored();
  const { url, project, writeKey } = server.demo;
  let lost = 0;
  const fetch: typeof globalThis.fetch = async (...request) => {
    const response = await globalThis.fetch(...request);
    if (lost++ > 1) return response;
    throw new TypeError("the answer was lost");
  };
  await createClient({ url, projectId: project, writeKey, fetch }).recordAll({ lost: [{ n: 1 }, { n: 2 }] });
  await vi.waitFor(
    async () => {
      const { result } = await client.ledger();
      expect(result.reduce((sum, hour) => sum + hour.duplicate, 0)).toBe(4);
    },
    { timeout: 60_000 },
  );
  expect((await stored()) - before).toBe(2);
  expect((await client.query("count", { event_collection: "lost" })).result).toBe(2);
});
