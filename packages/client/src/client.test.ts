import { createLocalServer, readConfig, type LocalServer } from "@millrace/local";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, expectTypeOf, test, vi } from "vitest";
import { createClient, type Bucket, type MillraceClient } from "./index.ts";

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
  await vi.waitFor(async () => expect(await stored()).toBe(3), { timeout: 20_000 });
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

    const events = await client.query("extraction", { event_collection: "a b/c", property_names: ["price"] });
    expect(events.result).toEqual([{ price: 1 }]);
  });

  test("an interval that is only known at run time leaves both shapes open", () => {
    const ask = (interval: string | undefined) =>
      client.query("count", { event_collection: "x", ...(interval !== undefined && { interval }) });
    expectTypeOf<Awaited<ReturnType<typeof ask>>["result"]>().toEqualTypeOf<number | Bucket<number>[]>();
  });

  test("project and schema", async () => {
    expect((await client.project()).events.map((collection) => collection.name)).toEqual(["a b/c", "purchases"]);
    const schema = await client.schema();
    expect(schema.find((collection) => collection.name === "purchases")?.properties).toMatchObject({
      price: "num",
      country: "string",
    });
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
