import { afterAll, beforeAll, expect, test } from "vitest";
import { seededRandom } from "../../../bench/simulation/random.ts";
import { startLine, type Line } from "../../../scripts/faults/line.ts";
import { startSlackReceiver, type SlackReceiver } from "../../ops/test/slack-receiver.ts";
import { loadId, request, trackerBatch } from "./client.ts";
import { ask, freePort, settled, startServer, temporaryFolder, type ServerProcess } from "./harness.ts";

// The drill of docs/running.md: the store goes away and comes back, on a line that can be cut.
const node = process.env["OPENSEARCH_URL"];
if (!node) throw new Error("OPENSEARCH_URL is not set. `npm test` starts a server.");
const prefix = `drill-${Date.now().toString(36)}`;
const PATIENCE = { timeout: 60_000, interval: 250 };

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let line: Line;
let slack: SlackReceiver;
let server: ServerProcess;

beforeAll(async () => {
  folder = await temporaryFolder();
  line = await startLine(node, seededRandom(1));
  slack = await startSlackReceiver();
  server = await startServer(folder.path, await freePort(), {
    OPENSEARCH_URL: line.url,
    OPENSEARCH_PREFIX: prefix,
    SQS_QUEUE_URL: "",
    ALERTS: `critical:${slack.url}`,
    ALERTS_PRIVATE: "1",
    HEALTH_SECONDS: "1",
  });
});
afterAll(async () => {
  await server?.stop();
  slack.close();
  await line.close();
  await folder.remove();
  for (const kind of ["events", "exceptions"]) {
    await fetch(`${node}/${prefix}-${kind}*`, { method: "DELETE" });
    await fetch(`${node}/_index_template/${prefix}-${kind}`, { method: "DELETE" });
  }
});

const record = async (sequences: number[]) => {
  const body = trackerBatch(server.demo.writeKey, { load: loadId(Date.now()), sequences });
  return (await request(server.demo, "/v1/e", { body })).status;
};
const health = async () => {
  const { text } = await request(server.demo, "/ops/health", { key: server.demo.masterKey });
  return JSON.parse(text) as { status: string; checks: { name: string; status: string }[] };
};
const told = (words: string) => slack.messages.filter((message) => message.includes(words));

test("store down, alarm, Slack, store up, recovery, and the ledger is balanced: nobody was told anything twice", async () => {
  await expect
    .poll(async () => (await health()).checks.find(({ name }) => name === "Store")?.status, PATIENCE)
    .toBe("ok");
  const before = { critical: told("Store is critical").length, recovered: told("Store recovered").length };
  expect(await record([1, 2])).toBe(202);
  await settled(server.demo, PATIENCE.timeout);

  line.set("refuse");
  await expect.poll(() => told("Store is critical").length, PATIENCE).toBe(before.critical + 1);
  expect((await health()).status).toBe("critical");
  expect(await record([3, 4, 5])).toBe(202);

  line.set("pass");
  await expect.poll(() => told("Store recovered").length, PATIENCE).toBe(before.recovered + 1);
  const totals = await settled(server.demo, PATIENCE.timeout);
  expect(totals).toMatchObject({ accepted: 5, stored: 5, dead: 0, rejected: 0, in_flight: 0 });
  expect(await ask(server.demo, "count", { event_collection: "pageviews" })).toBe(5);
  expect([
    told("Store is critical").length - before.critical,
    told("Store recovered").length - before.recovered,
  ]).toEqual([1, 1]);
  expect(slack.refusals).toEqual([]);
});
