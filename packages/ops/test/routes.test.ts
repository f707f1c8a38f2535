import { appOf, createAccess, createSqliteRegistry, systemRandom, type Role } from "@millrace/access";
import { CERTAINTY, hourOf, type Executions, type StoredExecution } from "@millrace/core";
import { createDuckDbExecutions } from "@millrace/store-duckdb";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createAdmit } from "../src/http/admit.ts";
import { costRoute } from "../src/http/cost.ts";
import { createLedger } from "../src/ledger/ledger.ts";
import { executionRoutes } from "../src/http/executions.ts";
import { healthRoute } from "../src/http/health.ts";

const NOON = Date.UTC(2026, 10, 23, 12);
const clock = { now: () => NOON };
const registry = createSqliteRegistry({ path: ":memory:", clock });
const access = createAccess({ registry, clock, random: systemRandom });

let executions: Executions;
beforeEach(async () => {
  executions = await createDuckDbExecutions({ path: ":memory:" });
});
afterEach(() => executions.close());

const run = (id: string, more: Partial<StoredExecution> = {}): StoredExecution => ({
  id,
  function: "collector",
  startedAt: NOON - 60_000,
  durationMs: 20,
  status: "ok",
  cold: false,
  trigger: "pubsub",
  memory: 1,
  fingerprint: null,
  error: null,
  labels: [],
  weight: 1,
  certainty: CERTAINTY.final,
  line: JSON.stringify({ type: "execution", "faas.invocation_id": id, "millrace.spans": [{ name: "duckdb.append" }] }),
  ...more,
});
const failure = { status: "failed", fingerprint: "f1", error: "Error: disk full" } as const;

async function ask(path: string, key = "own") {
  const admit = createAdmit(access, (own) => own === "own");
  const routes = [...executionRoutes({ executions, clock, admit }), healthRoute({ health: () => [], admit })];
  const app = appOf(routes, () => {});
  const answer = await app.request(path, { headers: { authorization: key } });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

async function tokenOf(role: Role, scope: string): Promise<string> {
  const email = `${role}-${scope === "*" ? "all" : scope}@example.com`;
  const { id } = await access.people.create({ email, name: role, roles: { [scope]: role } });
  return (await access.sessions.open({ person: id, method: "password" })).token;
}

test("a failed run is found by one search, and shown with its spans", async () => {
  await executions.put([
    run("a"),
    run("b", { ...failure, labels: ["project=p1"] }),
    run("old", { startedAt: NOON - 7_200_000 }),
  ]);
  const { body } = await ask("/ops/executions?status=any-failure&since=1h&project=p1");
  expect(body).toMatchObject({
    executions: [{ id: "b", error: "Error: disk full", started_at: "2026-11-23T11:59:00.000Z" }],
  });
  expect((await ask("/ops/executions")).body["executions"]).toHaveLength(2);
  expect((await ask("/ops/executions/b")).body).toMatchObject({
    execution: { id: "b", status: "failed" },
    record: { "millrace.spans": [{ name: "duckdb.append" }] },
  });
  expect((await ask("/ops/executions/none")).status).toBe(404);
});

test("a summary counts over time, by function, and failures by kind with an example", async () => {
  await executions.put([run("a", { weight: 100, function: "ingest" }), run("b", failure), run("c", failure)]);
  const { body } = await ask("/ops/executions/summary?since=2m&spans=2");
  expect(body).toMatchObject({
    total: { count: 102, failed: 2 },
    spans: [{ count: 0 }, { count: 102, from: "2026-11-23T11:59:00.000Z" }],
    functions: [
      { function: "ingest", count: 100, failed: 0 },
      { function: "collector", count: 2, failed: 2 },
    ],
    failures: [{ fingerprint: "f1", count: 2, error: "Error: disk full", function: "collector" }],
  });
});

test.each([
  ["since=1w", "since"],
  ["from=2026-11-23", "from"],
  ["since=1h&from=2026-11-23T00:00:00Z", "since"],
  ["from=2026-11-23T13:00:00Z", "before"],
  ["status=bad", "status"],
  ["limit=0", "limit"],
  ["limit=5000", "limit"],
  ["spans=1000", "spans"],
  ["min_duration=long", "min_duration"],
  ["functoin=x", "functoin"],
])("%s is refused, and named", async (query, named) => {
  const { status, body } = await ask(`/ops/executions?${query}`);
  expect([status, body["message"]]).toEqual([400, expect.stringContaining(named)]);
});

test("only who operates all projects is let in: executions tell of everybody", async () => {
  const status = async (key: string) => (await ask("/ops/executions", key)).status;
  expect(await status(await tokenOf("operator", "*"))).toBe(200);
  expect(await status(await tokenOf("owner", "*"))).toBe(200);
  expect(await status(await tokenOf("analyst", "*"))).toBe(401);
  expect(await status(await tokenOf("owner", "0".repeat(24)))).toBe(401);
  expect(await status("")).toBe(401);
  expect(await status("made up")).toBe(401);
  expect((await ask("/ops/executions/a", "")).status).toBe(401);
  expect((await ask("/ops/executions/summary", "")).status).toBe(401);
});

test("the month's cost is of what was measured here: events by the ledger, requests by the executions, for the stage that is asked about", async () => {
  const shop = await access.projects.create({ name: "Shop" });
  await executions.put([run("a", { function: "ingest", weight: 100 }), run("b", { function: "query" })]);
  const ledger = createLedger({
    outcomes: async () => [],
    accepted: async (project) => (project === shop.id ? [{ hour: hourOf(NOON - 60_000), count: 500 }] : []),
    dead: async () => [],
    refused: async () => [],
  });
  const month = { now: () => NOON };
  const projects = async () => [{ ...shop, createdAt: NOON - 86_400_000 }];
  const admit = createAdmit(access, (own) => own === "own");
  const app = appOf([costRoute({ admit, executions, ledger, projects, clock: month })], () => {});
  const get = async (path: string, key = "own") => {
    const answer = await app.request(path, { headers: { authorization: key } });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const { body } = await get("/ops/cost");
  expect(body).toMatchObject({
    from: new Date(NOON - 86_400_000).toISOString(),
    measured: { requests: 100, queries: 1 },
    projects: [{ id: shop.id, name: "Shop", events: 500 }],
  });
  // One of November's thirty days.
  expect(body["events"]).toBeCloseTo(15_000, 6);
  expect(body["so_far"]).toBeCloseTo(Number(body["month"]) / 30, 6);
  const large = await get("/ops/cost?instance=r7g.large&nodes=3&disk_gb=750&firewall=true&archive=true");
  expect(large.body["month"]).toBeGreaterThan(400);
  expect(await get("/ops/cost?instance=abacus")).toMatchObject({ status: 400 });
  expect((await get("/ops/cost?size=large")).body["message"]).toContain("size");
  expect((await get("/ops/cost", await tokenOf("viewer", "*"))).status).toBe(401);
});
