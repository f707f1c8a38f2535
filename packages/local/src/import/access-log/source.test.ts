import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { isBadItem, type Item } from "../read/source.ts";
import { formatNamed } from "./detect.ts";
import { accessLogSource } from "./source.ts";

const folder = mkdtempSync(join(tmpdir(), "millrace-import-"));
afterAll(() => rmSync(folder, { recursive: true }));
let made = 0;

async function read(files: readonly (readonly string[])[], host?: string): Promise<{ items: Item[]; notes: string }> {
  const logs = files.map((lines) => {
    const path = join(folder, `${made++}.log`);
    writeFileSync(path, lines.join("\n"));
    return { path, stream: path, format: formatNamed("combined") };
  });
  const source = accessLogSource(logs, host);
  await source.prepare?.(() => {});
  return { items: await Array.fromAsync(source.items(() => {})), notes: source.notes().join("; ") };
}

const line = (time: string, path: string, { address = "198.18.0.1", referrer = "-" } = {}) =>
  `${address} - - [10/Oct/2025:${time} +0000] "GET ${path} HTTP/1.1" 200 5 "${referrer}" "x"`;
const contextOf = (item: Item | undefined) =>
  item && !isBadItem(item) ? (item.event["$context"] as Record<string, unknown>) : undefined;

test("the site's own host is guessed from referrers that lead to its own paths", async () => {
  const inside = line("10:00:00", "/a", { referrer: "https://www.example.org/a" });
  const outside = line("10:00:00", "/a", { referrer: "https://elsewhere.example/nowhere" });
  const { items, notes } = await read([[inside, inside, outside, outside, outside]]);
  expect(notes).toContain("site example.org");
  expect(contextOf(items[0])).toMatchObject({ url: "https://example.org/a" });
});

test.each([
  ["a search engine whose /search the site has too", ["https://www.bing.com/search", "https://www.bing.com/search"]],
  ["one coincidence", ["https://news.example/search"]],
  [
    "two sites of equal weight",
    ["https://a.example/search", "https://a.example/search", "https://b.example/search", "https://b.example/search"],
  ],
])("a host is not guessed from %s", async (_name, referrers) => {
  const { notes } = await read([referrers.map((referrer) => line("10:00:00", "/search", { referrer }))]);
  expect(notes).toContain("own host is unknown");
});

test("a visit goes on in the next file, whichever is read first", async () => {
  const old = [line("23:50:00", "/1"), line("23:59:59", "/2")];
  const next = [line("23:59:59", "/3")];
  for (const files of [
    [old, next],
    [next, old],
  ]) {
    const { items } = await read(files);
    const pages = items.map((item) => [contextOf(item)?.["visit_page"], contextOf(item)?.["visit_id"]]);
    expect(new Set(pages.map(([, visit]) => visit)).size).toBe(1);
    expect(pages.map(([page]) => Number(page)).toSorted((a, b) => a - b)).toEqual([1, 2, 3]);
  }
});

test("every page view says what its visit began with, in whatever order the lines are", async () => {
  const search = { referrer: "https://www.google.com/search" };
  const { items } = await read(
    [[line("10:05:00", "/2", { referrer: "https://shop.example/1" }), line("10:00:00", "/1?utm_campaign=may", search)]],
    "shop.example",
  );
  for (const item of items) {
    expect(contextOf(item)).toMatchObject({
      visit_url: "https://shop.example/1?utm_campaign=may",
      visit_referrer: search.referrer,
    });
  }
});

test("a line that the server would refuse takes no place in its visit", async () => {
  const { items } = await read([[line("10:00:00", `/${"x".repeat(12_000)}`), line("10:01:00", "/b")]]);
  expect(items.map((item) => (isBadItem(item) ? item.bad : contextOf(item)?.["visit_page"]))).toEqual([
    "the path and query has 12,001 characters, 9,999 are the limit",
    1,
  ]);
});

test("bytes that a crash left before a line do not make another visitor", async () => {
  const { items } = await read([[line("10:00:00", "/a"), `\x00\x00${line("10:01:00", "/b")}`]]);
  expect(items.map((item) => contextOf(item)?.["visit_page"])).toEqual([1, 2]);
});

test("what was no request is an event of requests, without a page", async () => {
  const { items } = await read([[line("10:00:00", "/a").replace(/"GET.*?"/, String.raw`"\x16\x03"`)]]);
  expect(items[0]).toMatchObject({
    collection: "requests",
    event: { request: { line: String.raw`\x16\x03` }, response: { status: 200 }, $context: { ip: "198.18.0.1" } },
  });
  expect(contextOf(items[0])).not.toHaveProperty("url");
});

test("the host that a line names is its own, whatever --host says", async () => {
  const { items } = await read([[`shop.example ${line("10:00:00", "/a")}`, line("10:00:00", "/a")]], "example.com");
  expect(items.map((item) => contextOf(item)?.["url"])).toEqual(["https://shop.example/a", "https://example.com/a"]);
});

test("a clock that was wrong is a bad line, not an event of 1922 or of 2099", async () => {
  const at = (year: string) => line("10:00:00", "/").replace("2025", year);
  const { items } = await read([["0022", "1971", "2099", "2025"].map(at)]);
  expect(items.map((item) => isBadItem(item) && item.bad)).toEqual([
    expect.stringContaining("no time of the web"),
    expect.stringContaining("no time of the web"),
    expect.stringContaining("no time of the web"),
    false,
  ]);
});

test.each([
  ["in its bytes", "5 "],
  ["after them", '"-"'],
])("a last line that was copied while it was written is named, not another visitor's: %s", async (_name, place) => {
  const whole = line("10:00:00", "/");
  const { items } = await read([[whole, whole.slice(0, whole.indexOf(place) + 1)]]);
  expect(items.map((item) => isBadItem(item) && item.bad)).toEqual([false, expect.stringContaining("cut off")]);
});

test("a last line without an end is one like others, of a format without agents too", async () => {
  const common = line("10:00:00", "/").replace(' "-" "x"', "");
  for (const log of [
    [line("10:00:00", "/"), line("10:00:01", "/")],
    [common, common],
  ])
    expect((await read([log])).items.map(isBadItem)).toEqual([false, false]);
});

test("a comment is no line of the log", async () => {
  const { items } = await read([["# rotated", line("10:00:00", "/")]]);
  expect(items).toHaveLength(1);
});

test("what a log shipper puts before the line is not the visitor's address", async () => {
  const { items } = await read([[`Oct 10 10:00:00 web1 nginx: ${line("10:00:00", "/")}`]]);
  expect(contextOf(items[0])).toMatchObject({ ip: "198.18.0.1" });
});
