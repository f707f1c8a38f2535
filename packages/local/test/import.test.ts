import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  freePort,
  ledgerTotals,
  runImporter,
  settled,
  startImporter,
  startServer,
  temporaryFolder,
  type ServerProcess,
} from "./harness.ts";
import {
  accessTotals,
  editTotals,
  funnelTotals,
  type AccessTotals,
  type EditFunnels,
  type EditTotals,
} from "./known-totals.ts";

const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
const totals = JSON.parse(readFileSync(fixture("totals.json"), "utf8")) as {
  access: AccessTotals;
  edits: EditTotals;
  editors: { rows: number; funnels: EditFunnels };
};
const ACCESS = ["apache", fixture("access-sample.log.gz")];
const EDITORS = ["ndjson", fixture("editors-sample.ndjson.gz"), "--collection", "editors", "--timestamp", "time"];
const EDITS = ["ndjson", fixture("edits-sample.ndjson.gz"), "--collection", "edits", "--timestamp", "time"];

describe("real files imported through a running server", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let server: ServerProcess;

  beforeAll(async () => {
    folder = await temporaryFolder();
    server = await startServer(folder.path, await freePort());
  });
  afterAll(async () => {
    await server.stop();
    await folder.remove();
  });

  test("an access log: bad lines are reported by number and kept, and the exit code tells", async () => {
    const { code, output } = await runImporter(folder.path, ACCESS);
    expect(output).toContain("599 events accepted, 1 bad lines");
    expect(output).toContain("line 199: no quoted referrer and user agent (is the line cut off?)");
    expect(code).toBe(3);
  });

  test("a file of JSON lines: exit code 0 when every line was good", async () => {
    const { code, output } = await runImporter(folder.path, EDITS);
    expect(output).toContain("1,500 events accepted, 0 bad lines");
    expect(code).toBe(0);
    expect((await runImporter(folder.path, EDITORS)).output).toContain("4,332 events accepted, 0 bad lines");
  });

  test.each([
    ...accessTotals(totals.access),
    ...editTotals(totals.edits),
    ...funnelTotals("editors", totals.editors.funnels),
  ])("known total over HTTP: $name", async (total) => {
    await settled(server.demo);
    expect(await total.ask(server.demo)).toEqual(total.expected);
  });

  test("the same files again store nothing new, and the ledger still balances", async () => {
    const before = await settled(server.demo);
    const access = await runImporter(folder.path, ACCESS);
    const edits = await runImporter(folder.path, EDITS);
    expect(access.output).toContain("0 new events stored, 599 were there already");
    expect(edits.output).toContain("0 new events stored, 1,500 were there already");
    const after = await settled(server.demo);
    expect(after.stored).toBe(before.stored);
    expect(after.accepted).toBe(after.stored + after.duplicate + after.rejected + after.dead);
  });

  test("without a server there is a message that says what to do", async () => {
    const empty = await temporaryFolder();
    const { code, output } = await runImporter(empty.path, ACCESS);
    expect(output).toContain("Start the server first (npm start)");
    expect(code).toBe(2);
    await empty.remove();
  });
});

describe("kill -9 in mid-import", () => {
  test("three kills, restarts on the same data: exact totals, no duplicate, the ledger's two counts meet", async () => {
    const folder = await temporaryFolder();
    const port = await freePort();
    const big = `${folder.path}/edits.ndjson`;
    writeRepeated(big, fixture("edits-sample.ndjson.gz"), 8);
    let server = await startServer(folder.path, port);
    const importer = startImporter(folder.path, ["ndjson", big, "--collection", "edits", "--timestamp", "time"]);
    for (let kill = 1; kill <= 3; kill++) {
      const goal = kill * 2_500;
      while ((await ledgerTotals(server.demo)).accepted < goal) await new Promise((resolve) => setTimeout(resolve, 5));
      await server.kill();
      server = await startServer(folder.path, port);
    }
    expect(await importer.exited).toBe(0);
    const totalsAfter = await settled(server.demo);
    expect(totalsAfter.stored).toBe(12_000);
    expect(totalsAfter.accepted).toBe(totalsAfter.stored + totalsAfter.duplicate);
    expect(totalsAfter.dead + totalsAfter.rejected).toBe(0);
    expect(await server.stop()).toBe(0);
    await folder.remove();
  });
});

/** The same edits `times` over, each time as different events: a file long enough to be killed in the middle of. */
function writeRepeated(to: string, from: string, times: number): void {
  const text = execFileSync("gzip", ["-dc", from], { maxBuffer: 1 << 28 }).toString();
  const lines = text.trimEnd().split("\n");
  const out = Array.from({ length: times }, (_, copy) =>
    lines.map((line) => line.replace(/^\{/, `{"copy":${copy},`)).join("\n"),
  );
  writeFileSync(to, `${out.join("\n")}\n`);
}
