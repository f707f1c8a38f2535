import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ask, freePort, runImporter, settled, startServer, temporaryFolder, type ServerProcess } from "./harness.ts";

// Files as people have them, through a running server: what other tools were reported to lose, double or misread.

const fixture = (name: string) => fileURLToPath(new URL(`fixtures/field/${name}`, import.meta.url));
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

const day = (date: string) => ({ start: `${date}T00:00:00Z`, end: `${date}T23:59:59.999Z` });
const pageViews = (date: string, more: Record<string, unknown> = {}) => ({
  event_collection: "pageviews",
  timeframe: day(date),
  ...more,
});
const groups = async (date: string, group_by: string): Promise<Record<string, unknown>[]> => {
  await settled(server.demo);
  return (await ask(server.demo, "count", pageViews(date, { group_by }))) as Record<string, unknown>[];
};

test("two machines behind a balancer: equal lines are two events, and nothing comes twice", async () => {
  for (const name of ["web1", "web2", "web2", "web1"]) {
    const { code } = await runImporter(folder.path, [
      "log",
      fixture(`two-servers-${name}.log`),
      "--host",
      "example.com",
    ]);
    expect(code).toBe(0);
  }
  await settled(server.demo);
  expect(await ask(server.demo, "count", pageViews("2022-04-10"))).toBe(4);
  expect(await ask(server.demo, "count_unique", pageViews("2022-04-10", { target_property: "$visitor" }))).toBe(2);
  expect(
    (await groups("2022-04-10", "$visit.page")).toSorted((a, b) => Number(a["$visit.page"]) - Number(b["$visit.page"])),
  ).toEqual([
    { "$visit.page": 1, result: 2 },
    { "$visit.page": 2, result: 2 },
  ]);
});

test("the usual variants of the combined format are read, from a pipe too", async () => {
  const { code, output } = await runImporter(
    folder.path,
    ["log", "-", "--host", "example.com"],
    readFileSync(fixture("log-variants.log")),
  );
  expect(output).toContain("12 events accepted, 0 bad lines");
  expect(code).toBe(0);
  const paths = (await groups("2022-03-04", "$page.path")).map((group) => group["$page.path"]);
  expect(new Set(paths)).toEqual(new Set(Array.from({ length: 12 }, (_, i) => `/v${String(i + 1).padStart(2, "0")}`)));
  expect(await groups("2022-03-04", "$page.host")).toEqual(
    expect.arrayContaining([
      { "$page.host": "shop.example.com", result: 2 },
      { "$page.host": "example.com", result: 10 },
    ]),
  );
  const browsers = await groups("2022-03-04", "$browser.name");
  expect(browsers).toContainEqual({ "$browser.name": "Chrome", result: 11 });
});

test("a time in seconds is one of its own year", async () => {
  const args = ["ndjson", fixture("seconds-caddy.ndjson"), "--collection", "access", "--timestamp", "ts"];
  const { code } = await runImporter(folder.path, args);
  expect(code).toBe(0);
  await settled(server.demo);
  const [event] = (await ask(server.demo, "extraction", {
    event_collection: "access",
    timeframe: day("2022-08-04"),
  })) as {
    keen: { timestamp: string };
  }[];
  expect(event?.keen.timestamp).toBe("2022-08-04T10:00:00.520Z");
});

test("the same file is an access log as well, and the importer finds that out", async () => {
  const { code, output } = await runImporter(folder.path, ["log", fixture("seconds-caddy.ndjson")]);
  expect(output).toContain("JSON, as Caddy, Traefik and nginx write it");
  expect(code).toBe(0);
  expect(await groups("2022-08-04", "$page.path")).toEqual([{ "$page.path": "/a", result: 1 }]);
});

test("escapes of the log writer are undone", async () => {
  await runImporter(folder.path, ["log", fixture("escapes.log"), "--host", "example.com"]);
  expect(await groups("2022-03-06", "$page.path")).toEqual(
    expect.arrayContaining([
      { "$page.path": "/caf%C3%A9", result: 2 },
      { "$page.path": "/x", result: 1 },
    ]),
  );
});

test("a copy that broke off: one line that says so, exit code 1", async () => {
  const { code, output } = await runImporter(folder.path, ["log", fixture("truncated.log.gz")]);
  expect(code).toBe(1);
  expect(output.trim().split("\n").at(-1)).toContain("breaks off or is damaged after line");
  expect(output).not.toMatch(/^\s+at /m);
});

test("without a terminal the importer says little", async () => {
  const { output } = await runImporter(folder.path, ["log", fixture("progress.log"), "--host", "example.com"]);
  expect(output).toContain("200 events accepted");
  expect(output.trim().split("\n").length).toBeLessThan(12);
});

test("a dry run shows what would be stored, and stores nothing", async () => {
  const before = await settled(server.demo);
  const { code, output } = await runImporter(folder.path, ["log", fixture("log-variants.log"), "--dry-run"]);
  expect(output).toContain("would be an event of pageviews");
  expect(output).toContain("Nothing was sent. 12 events would be, 0 lines are bad.");
  expect(code).toBe(0);
  expect((await settled(server.demo)).accepted).toBe(before.accepted);
});

test.each([
  [["log", "/nowhere/access.log"], 1, "There is no file /nowhere/access.log"],
  [["log", fixture("../totals.json")], 1, "is in no format that is known"],
  [["logs", fixture("escapes.log")], 2, '"logs" is not a kind of file'],
  [["log", fixture("escapes.log"), "--preset", "umami"], 2, "--preset is for ndjson"],
  [["log", fixture("escapes.log"), "--format", "weblogic"], 2, '"weblogic" is no format'],
])("what cannot be done is said: %j", async (args, expected, reason) => {
  const { code, output } = await runImporter(folder.path, args);
  expect(output).toContain(reason);
  expect(code).toBe(expected);
});
