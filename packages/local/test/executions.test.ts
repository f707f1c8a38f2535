import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { inProject, loadId, request, trackerBatch } from "./client.ts";
import { ask, freePort, settled, startServer, temporaryFolder, type ServerProcess } from "./harness.ts";

const OPS = fileURLToPath(new URL("../../../scripts/ops.ts", import.meta.url));
const IN_TIME = { timeout: 60_000, interval: 100 };

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: ServerProcess;
let port: number;
beforeAll(async () => {
  folder = await temporaryFolder();
  port = await freePort();
  server = await startServer(folder.path, port);
});
afterAll(async () => {
  await server.stop();
  await folder.remove();
});

/** The operator's command, as somebody types it. */
async function ops(...args: string[]): Promise<string> {
  const env = { ...process.env, MILLRACE_DATA: folder.path };
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", OPS, ...args],
    { env },
  );
  return stdout;
}

interface Found {
  readonly executions: { id: string; function: string; labels: string[] }[];
}
/** By the API, as the command asks it: a process for each question would take most of the test's time. */
async function find(search: Record<string, string>): Promise<Found["executions"]> {
  const { demo } = server;
  const { text } = await request(demo, `/ops/executions?${new URLSearchParams(search).toString()}`, {
    key: demo.masterKey,
  });
  return (JSON.parse(text) as Found).executions;
}

async function record(collection: string): Promise<{ ingest: string; collector: string }> {
  const { demo } = server;
  const body = trackerBatch(demo.writeKey, { load: loadId(Date.now()), collection, sequences: [1, 2] });
  expect((await request(demo, "/v1/e", { body })).status).toBe(202);
  await settled(demo);
  const by = async (field: string) => {
    const ids = await ask(demo, "select_unique", { event_collection: collection, target_property: field });
    return (ids as string[])[0] ?? "";
  };
  return { ingest: await by("$execution.ingest"), collector: await by("$execution.collector") };
}

test("from an event to the execution that stored it, its calls and its project's other executions", async () => {
  const { collector } = await record("first");
  const shown = await vi.waitFor(() => ops("show", collector), IN_TIME);
  expect(shown).toMatch(/collector +ok/);
  expect(shown).toContain("duckdb.commit");
  const project = server.demo.project;
  const [found] = await find({ function: "collector", project });
  expect(found?.id).toBe(collector);
  expect(found?.labels).toContain("events.stored=2");
  const batch = found?.labels.find((label) => label.startsWith("batch="))?.slice("batch=".length) ?? "";
  expect((await find({ batch })).map(({ id }) => id)).toContain(collector);
  expect(await find({ project: "0".repeat(24) })).toEqual([]);
});

test("executions are for operators: no key of a project that others have leads to them", async () => {
  const { demo } = server;
  for (const key of [demo.readKey, demo.writeKey, ""]) {
    const { status } = await request(demo, "/ops/executions", { key });
    expect(status).toBe(401);
  }
  expect((await request(demo, inProject(demo, "/ops/executions"), { key: demo.masterKey })).status).toBe(404);
});

test("a killed process loses no execution, nor does one that lost the store of executions: all are in the log", async () => {
  const { collector } = await record("second");
  await server.kill();
  for (const file of ["executions.duckdb", "executions.duckdb.wal", "executions.cursor"])
    await rm(join(folder.path, file), { force: true });
  server = await startServer(folder.path, port);
  await vi.waitFor(async () => expect(await ops("show", collector)).toContain(collector), IN_TIME);
  expect(await ops("summary", "--function", "collector")).toMatch(/^[1-9]\d* executions, 0 failed/);
});

test("what means nothing is refused in words, by the command and by the server", async () => {
  await expect(ops("executions", "--status", "splendid")).rejects.toThrow(/status/);
  await expect(ops("show", "none")).rejects.toThrow(/no such execution/);
  await expect(ops("dance")).rejects.toThrow(/Say what/);
});
