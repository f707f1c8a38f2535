import { identityTime, isEventId } from "@millrace/core";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeEach, expect, test } from "vitest";
import { accessLogSource } from "../access-log/source.ts";
import { formatNamed } from "../access-log/detect.ts";
import { jsonSource } from "../json/source.ts";
import { isBadItem, type GoodItem, type ImportSource, type Item } from "./source.ts";
import { openStreams } from "./streams.ts";

const root = mkdtempSync(join(tmpdir(), "millrace-import-"));
afterAll(() => rmSync(root, { recursive: true }));
let folder = root;
beforeEach(() => (folder = mkdtempSync(join(root, "case-"))));

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function good(source: ImportSource): Promise<GoodItem[]> {
  await source.prepare?.(() => {});
  const items: Item[] = await Array.fromAsync(source.items(() => {}));
  return items.filter((item): item is GoodItem => !isBadItem(item));
}

const idOf = (item: GoodItem | undefined) => (item?.event["keen"] as { id: string } | undefined)?.id ?? "";

/** The ids that an import run of its own gives the events of a file. */
async function idsOf(path: string, { site = "", key = "secret" } = {}): Promise<string[]> {
  const stream = await (await openStreams(join(folder, "memory.json"), key))(path, site);
  const source = path.includes("ndjson")
    ? jsonSource([{ path, stream }], { time: ["t"], collection: { name: "things" } })
    : accessLogSource([{ path, stream, format: formatNamed("combined") }], undefined);
  return (await good(source)).map(idOf);
}

const REQUEST = '198.18.0.1 - - [10/Oct/2025:13:55:36 +0000] "GET /a HTTP/1.1" 200 5 "-" "x"';
const other = (path: string, address = "198.18.0.1") =>
  REQUEST.replace("/a ", `${path} `).replace("198.18.0.1", address);
const lines = (...texts: readonly string[]) => `${texts.join("\n")}\n`;

test("ids are event ids, begin with the event's time and are the same every time", async () => {
  const [first = ""] = await idsOf(file("a.log", lines(REQUEST)));
  expect(isEventId(first)).toBe(true);
  expect(identityTime(first)).toBe(Date.UTC(2025, 9, 10, 13, 55, 36));
  expect(await idsOf(file("a.log", lines(REQUEST)))).toEqual([first]);
});

test("the same lines again, grown, renamed, packed, or cut short, are the same events", async () => {
  const old = await idsOf(file("a.log", lines(REQUEST, other("/b"), REQUEST)));
  expect(new Set(old).size).toBe(3);
  const grown = lines(REQUEST, other("/b"), REQUEST, other("/c"));
  expect((await idsOf(file("a.log", grown))).slice(0, 3)).toEqual(old);
  expect((await idsOf(file("a.log.1", grown))).slice(0, 3)).toEqual(old);
  expect((await idsOf(file("a.log.2.gz", gzipSync(grown)))).slice(0, 3)).toEqual(old);
  expect(await idsOf(file("head.log", lines(REQUEST, other("/b"))))).toEqual(old.slice(0, 2));
});

test("many lines are known on any machine, where nothing is remembered", async () => {
  const many = Array.from({ length: 100 }, (_, i) => other(`/p${i}`));
  const here = await idsOf(file("a.log", lines(...many)));
  rmSync(join(folder, "memory.json"));
  expect((await idsOf(file("b.log", lines(...many, other("/more"))))).slice(0, 100)).toEqual(here);
});

test.each([
  ["two servers, one equal line", [REQUEST, other("/a2")], [REQUEST, other("/b2")]],
  ["two servers, the equal line last", [other("/a2"), REQUEST], [other("/b2"), REQUEST]],
  ["a rotation within one second", [other("/before"), REQUEST], [REQUEST, other("/after")]],
  ["equal lines but for the address", [REQUEST, other("/a", "198.18.0.7")], [REQUEST, other("/a", "198.18.0.8")]],
])("equal lines of two files are two events: %s", async (_name, one, two) => {
  const all = [...(await idsOf(file("web1.log", lines(...one)))), ...(await idsOf(file("web2.log", lines(...two))))];
  expect(new Set(all).size).toBe(4);
});

test("equal lines of two NDJSON files are two events", async () => {
  const at = { t: "2025-10-10T10:00:00Z" };
  const one = await idsOf(file("1.ndjson", lines(JSON.stringify(at), JSON.stringify({ ...at, x: 1 }))));
  const two = await idsOf(file("2.ndjson", lines(JSON.stringify(at), JSON.stringify({ ...at, x: 2 }))));
  expect(new Set([...one, ...two]).size).toBe(4);
});

test("one file for two sites is two sites' events", async () => {
  const path = file("a.log", lines(REQUEST));
  const one = await idsOf(path, { site: "one.example" });
  expect(await idsOf(path, { site: "two.example" })).not.toEqual(one);
  expect(await idsOf(path, { site: "one.example" })).toEqual(one);
});

test("an id does not give the address away: without the key of the project it cannot be made", async () => {
  const mine = await idsOf(file("a.log", lines(REQUEST)), { key: "one" });
  rmSync(join(folder, "memory.json"));
  expect(await idsOf(file("a.log", lines(REQUEST)), { key: "two" })).not.toEqual(mine);
});

test("a memory that cannot be read is an error, not an empty one", async () => {
  file("memory.json", "{");
  await expect(openStreams(join(folder, "memory.json"), "key")).rejects.toThrow();
});
