import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startOpenSearch } from "../../../scripts/servers/opensearch.ts";
import { startGate } from "./gate.ts";
import {
  freePort,
  ledgerTotals,
  runImporter,
  settled,
  startImporter,
  startServer,
  temporaryFolder,
} from "./harness.ts";
import type { ServerProcess } from "./harness.ts";
import {
  accessTotals,
  editTotals,
  funnelTotals,
  type AccessTotals,
  type EditFunnels,
  type EditTotals,
} from "./known-totals.ts";

// The whole product on OpenSearch: a node of its own, because it is killed in the middle.
const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
const totals = JSON.parse(readFileSync(fixture("totals.json"), "utf8")) as {
  access: AccessTotals;
  edits: EditTotals;
  editors: { rows: number; funnels: EditFunnels };
};
const EDITORS = ["ndjson", fixture("editors-sample.ndjson.gz"), "--collection", "editors", "--timestamp", "time"];
const EDITS = ["ndjson", fixture("edits-sample.ndjson.gz"), "--collection", "edits", "--timestamp", "time"];
const ACCESS = ["apache", fixture("access-sample.log.gz")];

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let nodeFolder: Awaited<ReturnType<typeof temporaryFolder>>;
let openSearchPort: number;
let node: Awaited<ReturnType<typeof startOpenSearch>>;
let server: ServerProcess;

const startNode = () => startOpenSearch({ port: openSearchPort, dataDir: nodeFolder.path, heap: "512m" });
const startMillrace = async () =>
  startServer(join(folder.path, "data"), await freePort(), { OPENSEARCH_URL: node.url });

beforeAll(async () => {
  folder = await temporaryFolder();
  nodeFolder = await temporaryFolder();
  openSearchPort = await freePort();
  node = await startNode();
  server = await startMillrace();
}, 240_000);

afterAll(async () => {
  await server.stop();
  await node.stop();
  await folder.remove();
  await nodeFolder.remove();
});

test("the first lines say where the events are", () => {
  expect(server.output()).toContain(`Store: OpenSearch at http://127.0.0.1:${openSearchPort}.`);
});

test("an import goes on while the store and then the server are killed: every event stored once", async () => {
  const data = join(folder.path, "data");
  // The first of its three requests passes, the others wait: the importer is at work for certain when the store dies.
  const { url, project, masterKey } = server.demo;
  const gate = await startGate(url, 1);
  const importer = startImporter(data, [...EDITS, "--url", gate.url, "--project", project, "--master-key", masterKey]);
  await expect.poll(async () => (await ledgerTotals(server.demo)).stored).toBeGreaterThan(100);
  expect((await ledgerTotals(server.demo)).accepted).toBeLessThan(totals.edits.rows);
  await node.kill();
  expect(importer.process.exitCode).toBeNull();
  gate.open();
  // Accepted although the store is gone; nothing of it is stored before the node is back.
  const all = `${totals.edits.rows.toLocaleString("en")} events accepted`;
  await expect.poll(() => importer.output()).toContain(all);
  node = await startNode();
  await importer.exited;
  await gate.close();
  await server.kill();
  server = await startMillrace();
  const edits = await runImporter(data, EDITS);
  expect(edits.code).toBe(0);
  await runImporter(data, ACCESS);
  await runImporter(data, EDITORS);
  const ledger = await settled(server.demo, 60_000);
  expect(ledger.stored).toBe(totals.edits.rows + totals.access.good + totals.editors.rows);
  expect(ledger.accepted).toBe(ledger.stored + ledger.duplicate);
  expect(ledger.dead + ledger.rejected).toBe(0);
}, 600_000);

test.each([
  ...accessTotals(totals.access),
  ...editTotals(totals.edits),
  ...funnelTotals("editors", totals.editors.funnels),
])("known total over HTTP: $name", async (total) => {
  expect(await total.ask(server.demo)).toEqual(total.expected);
});
