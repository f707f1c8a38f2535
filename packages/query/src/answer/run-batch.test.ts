import { createMemoryShares, createMemoryVersions, versioned } from "@millrace/access";
import { lineHere, type EventSource, type Filter } from "@millrace/core";
import { afterEach, describe, expect, test } from "vitest";
import { createTestApp, NOW, withForcedFilter, type Answer, type TestApp } from "../../test/setup.ts";
import type { QueryDeps } from "../index.ts";

let t: TestApp | undefined;
afterEach(() => t?.close());

const COUNT = { analysis_type: "count", event_collection: "purchases" };

interface Batch {
  readonly as_of: string;
  readonly version?: string;
  readonly age: number;
  readonly result: Readonly<Record<string, Answer & { readonly status?: number }>>;
}

async function open(change?: (deps: QueryDeps) => QueryDeps): Promise<TestApp> {
  t = await createTestApp(change);
  await t.record(
    { properties: { price: 10, tenant: "mine" } },
    { properties: { price: 20, tenant: "yours" } },
    { properties: { price: 30, tenant: "yours" } },
  );
  return t;
}

async function batch(app: TestApp, body: object, key = app.shop.readKey) {
  const response = await app.app.request(`${app.shop.url}/queries/batch`, {
    method: "POST",
    headers: { Authorization: key },
    body: JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Batch & Answer };
}

/** The source, and how many questions came to it. Without snapshots, unless `alike` it has them. */
function counting(source: EventSource) {
  const calls = { metric: 0 };
  const counted: EventSource = {
    metric: (...plan) => {
      calls.metric += 1;
      return source.metric(...plan);
    },
    extract: (...plan) => source.extract(...plan),
    funnel: (...plan) => source.funnel(...plan),
    orderedFunnel: (...plan) => source.orderedFunnel(...plan),
    retention: (...plan) => source.retention(...plan),
    paths: (...plan) => source.paths(...plan),
    outcomes: (...query) => source.outcomes(...query),
  };
  return { calls, counted };
}

describe("a batch", () => {
  test("answers each question as it would be answered alone, under its label", async () => {
    const app = await open();
    const queries = {
      events: COUNT,
      "by price": { ...COUNT, group_by: "price" },
      both: {
        ...COUNT,
        analysis_type: "multi_analysis",
        analyses: { n: { analysis_type: "count" }, sum: { analysis_type: "sum", target_property: "price" } },
      },
      rows: { ...COUNT, analysis_type: "extraction", property_names: ["price"] },
    };
    const { status, body } = await batch(app, { queries });
    expect(status).toBe(200);
    expect(body.as_of).toBe(new Date(NOW).toISOString());
    expect(Object.keys(body.result)).toEqual(Object.keys(queries));
    for (const [label, { analysis_type: analysis, ...parameters }] of Object.entries(queries)) {
      expect(body.result[label]).toEqual((await app.query(analysis, parameters)).body);
    }
  });

  test("an entry that cannot be answered says why; the others are answered", async () => {
    const app = await open();
    const { status, body } = await batch(app, {
      queries: {
        good: COUNT,
        misspelt: { ...COUNT, timeFrame: "today" },
        unknown: { ...COUNT, analysis_type: "nope" },
        missing: { event_collection: "purchases" },
        saved: { saved_query_name: "weekly" },
        text: "count",
      },
    });
    expect(status).toBe(200);
    expect(body.result["good"]).toEqual({ result: 3 });
    expect(body.result["misspelt"]).toMatchObject({ status: 400, error_code: "InvalidParameterError" });
    expect(body.result["unknown"]).toMatchObject({ status: 404, error_code: "ResourceNotFoundError" });
    expect(body.result["missing"]).toMatchObject({
      status: 400,
      message: "queries.missing.analysis_type is required.",
    });
    expect(body.result["saved"]).toMatchObject({ status: 404, error_code: "ResourceNotFoundError" });
    expect(body.result["text"]).toMatchObject({ status: 400, message: "queries.text must be an object." });
    expect(body).not.toHaveProperty("error_code");
  });

  test("asks a saved query by its name, as it is now", async () => {
    const app = await open();
    const save = (query: object) => app.send("PUT", "/queries/saved/weekly", { body: { query } });
    const ask = async () =>
      (await batch(app, { max_age: 60, queries: { w: { saved_query_name: "weekly" }, live: COUNT } })).body.result;
    await save(COUNT);
    expect(await ask()).toEqual({ w: { result: 3 }, live: { result: 3 } });
    // Under the same name and within the age that is allowed: another question.
    await save({ ...COUNT, group_by: "country" });
    expect((await ask())["w"]).not.toEqual({ result: 3 });
    await app.send("DELETE", "/queries/saved/weekly");
    expect((await ask())["w"]).toMatchObject({ status: 404 });
    const mixed = { saved_query_name: "weekly", timeframe: "today" };
    const { body } = await batch(app, { queries: { mixed, bad: { saved_query_name: 7 } } });
    expect(body.result["mixed"]).toMatchObject({ status: 400, message: expect.stringContaining('"timeframe"') });
    expect(body.result["bad"]).toMatchObject({ status: 400, message: expect.stringContaining("saved_query_name") });
  });

  test("holds the ledger too", async () => {
    const app = await open();
    const { body } = await batch(app, { queries: { ledger: { ledger: { timeframe: "today" } }, n: COUNT } });
    expect(body.result["ledger"]).toMatchObject({ balanced: expect.any(Boolean), result: [{ stored: 3 }] });
  });

  test.each([
    [{}, /queries is required/],
    [{ queries: {} }, /at least one/],
    [{ queries: [COUNT] }, /must be an object/],
    [{ queries: { a: COUNT }, timeframe: "today" }, /"timeframe" is not a parameter of batch/],
    [{ queries: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [i, COUNT])) }, /51 entries; the most is 50/],
  ])("%j is refused", async (body, message) => {
    const { status, body: answer } = await batch(await open(), body);
    expect([status, answer.message]).toEqual([400, expect.stringMatching(message)]);
  });

  test("computes equal questions once, whatever their order and limit", async () => {
    let calls = { metric: 0 };
    const app = await open((deps) => {
      const { calls: own, counted } = counting(deps.source);
      calls = own;
      return { ...deps, source: counted };
    });
    const grouped = { ...COUNT, group_by: "price", order_by: "price" };
    const { body } = await batch(app, { queries: { a: COUNT, b: COUNT, c: grouped, d: { ...grouped, limit: 1 } } });
    expect([body.result["a"], body.result["b"]]).toEqual([{ result: 3 }, { result: 3 }]);
    expect(calls.metric).toBe(2);
  });

  test("sees the events of one moment, so that its answers add up while events come in", async () => {
    const app: TestApp = await open((deps) => ({
      ...deps,
      // Before every question of the batch another event is stored.
      source: {
        ...deps.source,
        snapshot: (project, work, run) => {
          if (!deps.source.snapshot) throw new Error("DuckDB has snapshots.");
          return deps.source.snapshot(
            project,
            (source) =>
              work({
                ...source,
                metric: async (...plan) => {
                  const answer = await source.metric(...plan);
                  await app.record({ properties: { price: 1 } });
                  return answer;
                },
              }),
            run,
          );
        },
      },
    }));
    const prices = [10, 20, 30, 1].map((price) => ({
      ...COUNT,
      filters: [{ property_name: "price", operator: "eq", property_value: price }],
    }));
    const { body } = await batch(app, { queries: { total: COUNT, ...Object.fromEntries(prices.entries()) } });
    const parts = prices.map((_, i) => Number(body.result[String(i)]?.result));
    expect(body.result["total"]?.result).toBe(parts.reduce((sum, n) => sum + n, 0));
    expect((await app.query("count")).body.result).toBeGreaterThan(3);
  });
});

describe("shared answers", () => {
  test("max_age gives what somebody else got, and says how old it is; without it the answer is new", async () => {
    let now = NOW;
    const app = await open((deps) => ({ ...deps, clock: { now: () => now } }));
    const asked = { max_age: 10, queries: { n: COUNT } };
    const first = await batch(app, asked);
    await app.record({ properties: { price: 40 } });
    now += 4_000;
    const second = await batch(app, asked);
    expect(second.body).toMatchObject({ as_of: first.body.as_of, age: 4, result: { n: { result: 3 } } });
    expect((await batch(app, { queries: { n: COUNT } })).body).toMatchObject({ age: 0, result: { n: { result: 4 } } });
    now += 11_000;
    expect((await batch(app, asked)).body).toMatchObject({ age: 0, result: { n: { result: 4 } } });
  });

  test("a new batch is new in all of its parts, whatever another one with the same question got", async () => {
    let now = NOW;
    const app = await open((deps) => ({ ...deps, clock: { now: () => now } }));
    await batch(app, { max_age: 10, queries: { n: COUNT } });
    await app.record({ properties: { price: 40 } });
    now += 4_000;
    const other = await batch(app, { max_age: 10, queries: { "under another label": COUNT } });
    expect(other.body).toMatchObject({ age: 0, result: { "under another label": { result: 4 } } });
  });

  test("an answer of a while ago tells the version of then: who shows it must see that there is a newer one", async () => {
    const versions = createMemoryVersions({ clock: { now: () => NOW }, start: "start" });
    const app = await open((deps) => ({ ...deps, versions }));
    const asked = { max_age: 10, queries: { n: COUNT } };
    expect((await batch(app, asked)).body.version).toBe("start.0");
    await versions.moved([app.shop.id]);
    expect((await batch(app, asked)).body.version).toBe("start.0");
    expect((await batch(app, { queries: { n: COUNT } })).body.version).toBe("start.1");
  });

  test("keys with different forced filters never share, in batches and alone, whatever their age may be", async () => {
    const filterOf = new Map<string, Filter<string>>();
    const app = await open((deps) => {
      const authenticate: QueryDeps["access"]["authenticate"] = async (project, key, needs) => {
        const filter = filterOf.get(key ?? "");
        const within = filter ? withForcedFilter(deps, filter) : deps;
        return within.access.authenticate(project, app.shop.readKey, needs);
      };
      return { ...deps, access: { ...deps.access, authenticate } };
    });
    filterOf.set("mine", { kind: "eq", field: "tenant", value: "mine" });
    filterOf.set("yours", { kind: "eq", field: "tenant", value: "yours" });
    for (const [key, expected] of [
      ["all", 3],
      ["mine", 1],
      ["yours", 2],
      ["mine", 1],
      ["all", 3],
    ] as const) {
      const { body } = await batch(app, { max_age: 60, queries: { n: COUNT } }, key);
      expect([key, body.result["n"]?.result]).toEqual([key, expected]);
      const alone = await app.app.request(`${app.shop.url}/queries/count?event_collection=purchases&max_age=60`, {
        headers: { Authorization: key },
      });
      expect([key, ((await alone.json()) as Answer).result]).toEqual([key, expected]);
    }
  });

  test("with a version nothing is computed twice until something is stored", async () => {
    let calls = { metric: 0 };
    const versions = createMemoryVersions({ clock: { now: () => NOW }, start: "start" });
    const app = await open((deps) => {
      const { calls: own, counted } = counting(deps.source);
      calls = own;
      return { ...deps, source: counted, versions };
    });
    const stored = versioned({ append: async (events) => events.map(() => ({ kind: "stored" as const })) }, versions);
    expect((await batch(app, { queries: { n: COUNT } })).body.version).toBe("start.0");
    await batch(app, { queries: { n: COUNT } });
    await app.query("count");
    expect(calls.metric).toBe(1);
    await stored.append([{ project: app.shop.id } as never]);
    expect((await batch(app, { queries: { n: COUNT } })).body.version).toBe("start.1");
    expect(calls.metric).toBe(2);
  });
});

describe("a project's share", () => {
  test("has what the thread spent on its answers charged to it, and to nobody else", async () => {
    const charged = new Map<string, number>();
    const charge = (project: string, ms: number) => void charged.set(project, (charged.get(project) ?? 0) + ms);
    const rests = { charge, isLight: () => true, turn: async () => () => {} };
    const app = await open((deps) => ({ ...deps, rests }));
    await app.createProject("Other");
    const answer = await app.query("count", { group_by: "price" });
    expect(answer.status).toBe(200);
    expect([...charged.keys()]).toEqual([app.shop.id]);
    expect(charged.get(app.shop.id)).toBeGreaterThan(0);
  });

  test("counts what a question is refused for, too; who has used it up waits for its turn, and gives it back", async () => {
    const charged: string[] = [];
    const turns: string[] = [];
    const rests = {
      charge: (project: string) => void charged.push(project),
      isLight: () => false,
      turn: async (project: string) => {
        turns.push(`begins ${project}`);
        return () => void turns.push(`ends ${project}`);
      },
    };
    const app = await open((deps) => ({ ...deps, rests }));
    const { id } = app.shop;
    expect((await app.query("count", { timeframe: "nonsense" })).status).toBe(400);
    expect(charged).toEqual([id]);
    expect(turns).toEqual([`begins ${id}`, `ends ${id}`]);
    // Whose key it is not spends nothing of it.
    const stranger = await app.app.request(`${app.shop.url}/queries/count?event_collection=purchases&api_key=no`);
    expect([stranger.status, charged.length, turns.length]).toEqual([401, 1, 2]);
  });

  test("has its questions go before long works of others, as long as it took little", async () => {
    let isLight = true;
    const lines: string[] = [];
    const paidIn: string[] = [];
    const app = await open((deps) => {
      const metric: EventSource["metric"] = (...asked) => {
        lines.push(lineHere());
        return deps.source.metric(...asked);
      };
      return {
        ...deps,
        source: { ...deps.source, metric },
        rests: { charge: () => void paidIn.push(lineHere()), isLight: () => isLight, turn: async () => () => {} },
      };
    });
    expect((await app.query("count", {})).status).toBe(200);
    // The last is its JSON.
    expect(paidIn.at(-1)).toBe("ahead");
    isLight = false;
    expect((await app.query("count", { group_by: "price" })).status).toBe(200);
    expect(lines).toEqual(["quick", "behind"]);
    expect(paidIn.at(-1)).toBe("behind");
  });

  test("is told in headers and meta; when it is used up the batch is 429 with the seconds to wait", async () => {
    const shares = createMemoryShares({ clock: { now: () => NOW }, perMinuteMs: 1_000 });
    const app = await open((deps) => ({ ...deps, shares }));
    const { headers } = await batch(app, { queries: { n: COUNT } });
    expect(headers.get("ratelimit-policy")).toBe('"engine-ms";q=1000;w=60');
    expect(headers.get("ratelimit")).toMatch(/^"engine-ms";r=\d+;t=\d+$/);
    const alone = await app.query("count", { include_metadata: true });
    expect(alone.body.meta).toMatchObject({ engine_ms: expect.any(Number), budget: { per_minute_ms: 1_000 } });

    await (await shares.enter(app.shop.id)).leave(3_000);
    const refused = await batch(app, { queries: { n: COUNT, m: { ...COUNT, group_by: "price" } } });
    expect([refused.status, refused.body.error_code]).toEqual([429, "RateLimitExceeded"]);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThanOrEqual(120);
    // Its own number, where an owner has set one, and the neighbour's is untouched.
    await app.access.projects.update(app.shop.id, { engineSecondsPerMinute: 10 });
    const own = await batch(app, { queries: { n: { ...COUNT, group_by: "plan" } } });
    expect(own.status).toBe(429);
    expect(Number(own.headers.get("retry-after"))).toBeLessThan(120);
    const other = await app.createProject("Other");
    await app.recordIn(other, {});
    const response = await app.app.request(`${other.url}/queries/count?event_collection=purchases`, {
      headers: { Authorization: other.readKey },
    });
    expect(response.status).toBe(200);
  });
});

test("thirty pages at once, each with its ledger, wait for each other's turns and never for their own", async () => {
  const app = await open();
  const page = { queries: { n: COUNT, by: { ...COUNT, group_by: "price" }, ledger: { ledger: {} } } };
  const answers = await Promise.all(Array.from({ length: 30 }, () => batch(app, page)));
  for (const { body } of answers) {
    expect(body.result["n"]).toEqual({ result: 3 });
    expect(body.result["ledger"]).toHaveProperty("balanced");
  }
});
