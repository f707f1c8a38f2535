import { createSqliteRegistry, createTombstones, systemClock, systemRandom } from "@millrace/access";
import type { DeleteWhere } from "@millrace/core";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { inProject, request } from "./client.ts";
import { ask, freePort, ledgerTotals, settled, startServer, temporaryFolder, type ServerProcess } from "./harness.ts";

/** What the first step of a deletion leaves in the data folder, and all that a deletion which was killed there has done. */
async function addTombstone(folder: string, where: DeleteWhere): Promise<void> {
  const registry = createSqliteRegistry({ path: join(folder, "registry.sqlite") });
  await createTombstones({ registry, clock: systemClock, random: systemRandom }).add(where);
  await registry.close();
}

async function record(server: ServerProcess, collection: string, count: number): Promise<void> {
  const { demo } = server;
  const body = { [collection]: Array.from({ length: count }, (_, n) => ({ n })), kept: [{ n: 0 }] };
  expect((await request(demo, inProject(demo, "/events"), { key: demo.writeKey, body })).status).toBe(200);
}

test("a server honours a deletion of what it has stored and of what is still to come, and its ledger balances", async () => {
  const folder = await temporaryFolder();
  onTestFinished(() => folder.remove());
  const port = await freePort();
  let server = await startServer(folder.path, port);
  const { project } = server.demo;
  const count = (event_collection: string) => ask(server.demo, "count", { event_collection });
  await record(server, "gone", 20);
  await settled(server.demo);
  expect(await count("gone")).toBe(20);
  await server.kill();

  // It lies an hour ahead, so that events sent later are to it what waiting ones are to a real one.
  await addTombstone(folder.path, { project, collection: "gone", receivedBefore: Date.now() + 3_600_000 });
  server = await startServer(folder.path, port);
  onTestFinished(async () => void (await server.stop()));
  await record(server, "gone", 10);
  await expect.poll(() => count("gone")).toBe(0);
  const totals = await settled(server.demo);
  expect(await count("kept")).toBe(2);
  expect(totals).toMatchObject({ accepted: 32, stored: 2, deleted: 30, in_flight: 0 });
  expect(await ledgerTotals(server.demo)).toEqual(totals);
});
