import { encodeEnvelope } from "@millrace/core";
import { createEmbeddedQueue } from "@millrace/queue/embedded";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inProject, request } from "./client.ts";
import { ask, freePort, startServer, temporaryFolder, type ServerProcess } from "./harness.ts";

const OPS = fileURLToPath(new URL("../../../scripts/ops.ts", import.meta.url));
/** Whatever servers there are for other tests: this is about the product of one machine. */
const EMBEDDED = { OPENSEARCH_URL: "", SQS_QUEUE_URL: "" };
const IN_TIME = { timeout: 60_000, interval: 100 };

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: ServerProcess;
beforeAll(async () => {
  folder = await temporaryFolder();
  // A letter from before: nothing that this version can read.
  const queue = await createEmbeddedQueue({ path: join(folder.path, "queue.sqlite") });
  await queue.send({
    body: encodeEnvelope({ v: 2, events: [] } as never),
    group: "shop",
    accepted: { receivedAt: 0, events: 0 },
  });
  await queue.bury(await queue.receive({ max: 1, visibilityMs: 60_000 }));
  await queue.close();
  server = await startServer(folder.path, await freePort(), EMBEDDED);
});
afterAll(async () => {
  await server.stop();
  await folder.remove();
});

/** The operator's command, as somebody types it. */
async function ops(...args: string[]): Promise<string> {
  const env = { ...process.env, MILLRACE_DATA: folder.path };
  const all = ["--disable-warning=ExperimentalWarning", OPS, ...args];
  return (await promisify(execFile)(process.execPath, all, { env })).stdout;
}

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
  server = await startServer(folder.path, Number(new URL(demo.url).port), EMBEDDED);
  const answers = await Promise.all(Array.from({ length: 12 }, () => record("throttled")));
  const refused = answers.filter(({ status }) => status === 429);
  // At most the two of one window, or of two where it ended meanwhile.
  expect(refused.length).toBeGreaterThanOrEqual(8);
  for (const { retryAfter } of refused) expect(retryAfter).toBeGreaterThan(0);
  const { text } = await request(demo, inProject(demo, "/ledger"), { key: demo.masterKey });
  const { result } = JSON.parse(text) as { result: { refused: Record<string, number> }[] };
  expect(result.reduce((sum, hour) => sum + (hour.refused["RateLimitExceeded"] ?? 0), 0)).toBe(refused.length);
});

test("who does not operate all projects does none of it", async () => {
  const { demo } = server;
  for (const [path, body] of [
    ["/ops/queue", undefined],
    ["/ops/redrive", { do: true }],
    ["/ops/erase", { project: demo.project, collection: "x", do: true }],
  ] as const)
    expect((await request(demo, path, { key: demo.readKey, ...(body && { body }) })).status).toBe(401);
});
