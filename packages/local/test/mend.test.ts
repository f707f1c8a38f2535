import type { OpsOutcome } from "@millrace/client";
import { encodeEnvelope } from "@millrace/core";
import { createEmbeddedQueue } from "@millrace/queue/embedded";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inProject, request } from "./client.ts";
import { ask, freePort, startServer, temporaryFolder, type ServerProcess } from "./harness.ts";

const ADMIN = fileURLToPath(new URL("../../../scripts/admin.ts", import.meta.url));
const OPS = fileURLToPath(new URL("../../../scripts/ops.ts", import.meta.url));
const IN_TIME = { timeout: 60_000, interval: 100 };

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: ServerProcess;
beforeAll(async () => {
  folder = await temporaryFolder();
  // A letter from before: nothing that this version can read.
  const queue = await createEmbeddedQueue({ path: join(folder.path, "queue.sqlite") });
  await queue.send({
    body: await encodeEnvelope({ v: 2, events: [] } as never),
    group: "shop",
    accepted: { receivedAt: 0, events: 0 },
  });
  await queue.bury(await queue.receive({ max: 1, visibilityMs: 60_000 }));
  await queue.close();
  server = await startServer(folder.path, await freePort());
});
afterAll(async () => {
  await server.stop();
  await folder.remove();
});

/** A command, as somebody types it. */
const typed =
  (script: string) =>
  async (...args: string[]): Promise<string> => {
    const env = { ...process.env, MILLRACE_DATA: folder.path };
    const all = ["--disable-warning=ExperimentalWarning", script, ...args];
    return (await promisify(execFile)(process.execPath, all, { env })).stdout;
  };
const ops = typed(OPS);
const admin = typed(ADMIN);

async function record(collection: string, event: object = {}) {
  const { demo } = server;
  const { status, headers } = await request(demo, inProject(demo, `/events/${collection}`), {
    key: demo.writeKey,
    body: event,
  });
  return { status, retryAfter: Number(headers.get("retry-after")) };
}
const count = (collection: string) => ask(server.demo, "count", { event_collection: collection });
const waiting = async () => {
  const { text } = await request(server.demo, "/ops/queue", { key: server.demo.masterKey });
  return JSON.parse(text) as { visible: number; in_flight: number; dead: number; pause: object | null };
};

test("collecting is paused: what comes in waits, and is stored when it goes on", async () => {
  expect(await ops("pause")).toContain("Nothing was done");
  expect((await waiting()).pause).toBeNull();
  expect(await ops("pause", "--yes")).toMatch(/^Nothing is collected since 20/);
  // A batch that had begun takes what comes in a quarter of a second: when so many wait, none is open any more.
  const waits = async () => {
    await record("before");
    return (await waiting()).visible;
  };
  await expect.poll(waits, IN_TIME).toBeGreaterThan(10);
  const { visible } = await waiting();
  for (const n of [1, 2, 3]) expect((await record("paused", { n })).status).toBe(201);
  const paused = { visible: visible + 3, in_flight: 0, pause: { by: expect.any(String) as string } };
  expect(await waiting()).toMatchObject(paused);
  expect(await ops("resume", "--yes")).toBe("Events are collected.\n");
  expect(await ops("drain")).toMatch(/0 wait, 0 are being collected, 1 are dead\.\n$/);
  expect(await count("paused")).toBe(3);
});

test("a collection is erased, after it was counted", async () => {
  const { project } = server.demo;
  const erase = ["erase", "--project", project, "--collection", "paused"];
  expect(await ops(...erase)).toMatch(/^3 stored events\.\nNothing was done/);
  expect(await count("paused")).toBe(3);
  expect(await ops(...erase, "--yes")).toBe("3 events are deleted.\n");
  expect(await count("paused")).toBe(0);
});

test("dead letters are counted and put back", async () => {
  expect(await ops("redrive")).toMatch(/^1 dead letters\.\nNothing was done/);
  expect(await ops("redrive", "--project", "shop", "--yes")).toBe("1 dead letter is back in the queue.\n");
  // Still nothing that can be read.
  await expect.poll(async () => (await waiting()).dead, IN_TIME).toBe(1);
});

test("a throttled project is told when to come again, and its ledger counts what was refused", async () => {
  const { demo } = server;
  expect(await ops("throttle", demo.project, "0.2", "--yes")).toContain("0.2 a second");
  // The server believes what it knows of a project for a minute; a new one finds it at once.
  await server.stop();
  server = await startServer(folder.path, Number(new URL(demo.url).port));
  const answers = await Promise.all(Array.from({ length: 12 }, () => record("throttled")));
  const refused = answers.filter(({ status }) => status === 429);
  // At most the two of one window, or of two where it ended meanwhile.
  expect(refused.length).toBeGreaterThanOrEqual(8);
  for (const { retryAfter } of refused) expect(retryAfter).toBeGreaterThan(0);
  const { text } = await request(demo, inProject(demo, "/ledger"), { key: demo.masterKey });
  const { result } = JSON.parse(text) as { result: { refused: Record<string, number> }[] };
  expect(result.reduce((sum, hour) => sum + (hour.refused["RateLimitExceeded"] ?? 0), 0)).toBe(refused.length);
});

test("a project that has used up its month is told so, health warns of it before, and all that was acknowledged is stored", async () => {
  const made = JSON.parse(await admin("create-project", "Small", "--json")) as {
    project: string;
    writeKey: string;
    readKey: string;
  };
  const id = made.project;
  const send = async () => {
    const path = `/3.0/projects/${id}/events/orders`;
    return (await request(server.demo, path, { key: made.writeKey, body: {} })).status;
  };
  for (let n = 0; n < 9; n++) expect(await send()).toBe(201);
  const quota = async (...options: string[]) => {
    await admin("change", id, ...options);
    await server.stop();
    // What a process knows of a project holds for a minute.
    server = await startServer(folder.path, Number(new URL(server.demo.url).port));
  };
  const health = async () => {
    const { text } = await request(server.demo, "/ops/health", { key: server.demo.masterKey });
    const { checks } = JSON.parse(text) as { checks: { name: string }[] };
    return checks.find(({ name }) => name === "Events");
  };
  await quota("--events-per-month", "10");
  await expect.poll(health, IN_TIME).toMatchObject({ status: "warn", detail: `${id}: 90.0 %` });
  await quota("--events-per-month", "9");
  expect(await send()).toBe(429);
  const stored = async () => {
    const asked = { event_collection: "orders", timeframe: "today" };
    const path = `/3.0/projects/${id}/queries/count`;
    const { text } = await request(server.demo, path, { key: made.readKey, body: asked });
    return (JSON.parse(text) as { result: number }).result;
  };
  await expect.poll(stored, IN_TIME).toBe(9);
}, 120_000);

test("a command that is sent twice changes nothing the second time, and stands in the audit log once", async () => {
  const { demo } = server;
  const run = async (name: string, asked: object) => {
    const { status, text } = await request(demo, `/ops/commands/${name}`, { key: demo.masterKey, body: asked });
    expect(status, text).toBe(200);
    return JSON.parse(text) as OpsOutcome;
  };
  const audited = async () => JSON.parse(await admin("audit", "--json")) as { entries: { what: string }[] };
  const before = (await audited()).entries.length;
  const rate = { project: demo.project, rate: "7" };
  expect((await run("throttle", rate)).said).toContain("it would be 7 requests a second");
  expect((await run("throttle", { ...rate, do: true })).said).toContain("everywhere within a minute");
  expect((await run("throttle", { ...rate, do: true })).said).toContain("7 requests a second already");
  expect((await run("pause", { do: true })).said).toMatch(/^Nothing is collected any more/);
  expect((await run("pause", { do: true })).said).toMatch(/^Nothing is collected since .*command line/);
  expect((await run("resume", { do: true })).said).toBe("Events are collected again.");
  expect((await run("resume", { do: true })).said).toBe("Events are collected.");
  const { entries } = await audited();
  const new3 = entries.slice(0, entries.length - before).map(({ what }) => what);
  expect(new3).toEqual(["collecting.resumed", "collecting.paused", "project.change"]);
}, 60_000);

test("what a command does not take is refused by name, and a command that is none, or that is on AWS alone, is not found", async () => {
  const { demo } = server;
  const refused = async (path: string, body: object) => {
    const { status, text } = await request(demo, `/ops/commands/${path}`, { key: demo.masterKey, body });
    return [status, (JSON.parse(text) as { message: string }).message];
  };
  expect(await refused("pause", { project: "x" })).toEqual([400, expect.stringContaining("project")]);
  expect(await refused("throttle", { project: demo.project })).toEqual([400, expect.stringMatching(/^rate/)]);
  expect(await refused("throttle", { project: demo.project, rate: "many" })).toEqual([
    400,
    expect.stringMatching(/^rate/),
  ]);
  expect(await refused("erase", { project: demo.project })).toEqual([400, expect.stringContaining("a visitor")]);
  expect(await refused("migrate", { do: true })).toEqual([404, expect.any(String)]);
  expect(await refused("constructor", {})).toEqual([404, expect.any(String)]);
}, 60_000);

test("who does not operate all projects does none of it", async () => {
  const { demo } = server;
  for (const [path, body] of [
    ["/ops/queue", undefined],
    ["/ops/commands", undefined],
    ["/ops/commands/redrive", { do: true }],
    ["/ops/commands/erase", { project: demo.project, collection: "x", do: true }],
  ] as const)
    expect((await request(demo, path, { key: demo.readKey, ...(body && { body }) })).status).toBe(401);
});
