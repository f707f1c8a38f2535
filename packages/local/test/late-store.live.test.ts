import { afterAll, beforeAll, expect, test } from "vitest";
import { seededRandom } from "../../../bench/simulation/random.ts";
import { startLine, type Line } from "../../../scripts/faults/line.ts";
import { inProject, loadId, request, trackerBatch } from "./client.ts";
import { ask, freePort, ledgerTotals, settled, startServer, temporaryFolder, type ServerProcess } from "./harness.ts";

// The product on OpenSearch behind a line that can be cut: a store that is away, without a node that has to be started again.
const node = process.env["OPENSEARCH_URL"];
if (!node) throw new Error("OPENSEARCH_URL is not set. `npm test` starts a server.");
const prefix = `late-${Date.now().toString(36)}`;
const PATIENCE = { timeout: 60_000, interval: 250 };

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let line: Line;
let server: ServerProcess;
const start = async () =>
  startServer(folder.path, await freePort(), { OPENSEARCH_URL: line.url, OPENSEARCH_PREFIX: prefix });

beforeAll(async () => {
  folder = await temporaryFolder();
  line = await startLine(node, seededRandom(1));
});
afterAll(async () => {
  await server?.stop();
  await line.close();
  await folder.remove();
  for (const kind of ["events", "exceptions"]) {
    await fetch(`${node}/${prefix}-${kind}*`, { method: "DELETE" });
    await fetch(`${node}/_index_template/${prefix}-${kind}`, { method: "DELETE" });
  }
});

const load = loadId(Date.now());
const record = async (sequences: number[]) =>
  (await request(server.demo, "/v1/e", { body: trackerBatch(server.demo.writeKey, { load, sequences }) })).status;
const count = () => ask(server.demo, "count", { event_collection: "pageviews" });

test("an installation that begins while its store is away records, says 503 to questions, and makes its indexes when it comes", async () => {
  line.set("refuse");
  server = await start();
  expect(server.output()).toContain(`Store: OpenSearch at ${line.url}, which is away.`);
  expect(server.output()).toContain(`OpenSearch at ${line.url} cannot be used`);
  expect(await record([1, 2])).toBe(202);
  const question = await request(server.demo, inProject(server.demo, "/ledger"), { key: server.demo.masterKey });
  expect([question.status, JSON.parse(question.text)]).toMatchObject([503, { error_code: "ServiceUnavailable" }]);
  expect(Number(question.headers.get("retry-after"))).toBeGreaterThan(0);
  line.set("pass");
  await expect.poll(() => count().catch(() => "not yet"), PATIENCE).toBe(2);
});

test("killed while the store is away it starts again and records; nothing is lost and nothing twice when the store is back", async () => {
  line.set("refuse");
  expect(await record([3, 4])).toBe(202);
  await server.kill();
  server = await start();
  // The last event again, as a tracker sends whose answer was lost.
  expect(await record([4, 5])).toBe(202);
  // Killed once more, with what the second process took.
  await server.kill();
  server = await start();
  expect(await record([6])).toBe(202);
  line.set("pass");
  const ledger = () => ledgerTotals(server.demo).catch(() => "not yet");
  await expect.poll(ledger, PATIENCE).toMatchObject({ accepted: 7, stored: 6, duplicate: 1, in_flight: 0 });
  await expect.poll(count, PATIENCE).toBe(6);
  expect(await settled(server.demo)).toMatchObject({ rejected: 0, dead: 0 });
});

test("a server that is stopped while the store is away ends at once, and keeps what waits", async () => {
  expect(await server.stop()).toBe(0);
  line.set("refuse");
  server = await start();
  expect(await record([7])).toBe(202);
  expect(await server.stop()).toBe(0);
  line.set("pass");
  server = await start();
  await expect.poll(() => count().catch(() => "not yet"), PATIENCE).toBe(7);
});
