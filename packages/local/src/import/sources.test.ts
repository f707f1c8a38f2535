import { identityTime, isEventId } from "@millrace/core";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { apacheSource } from "./apache-source.ts";
import { ndjsonSource } from "./ndjson-source.ts";
import { isBadItem, type ImportSource, type Item } from "./source.ts";

const folder = mkdtempSync(join(tmpdir(), "millrace-import-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function read(source: ImportSource): Promise<Item[]> {
  await source.prepare?.(() => {});
  return Array.fromAsync(source.items(() => {}));
}

const idOf = (item: Item | undefined) =>
  item && !isBadItem(item) ? (item.event["keen"] as { id: string }).id : undefined;
const REQUEST = '198.18.0.1 - - [10/Oct/2025:13:55:36 +0000] "GET /a HTTP/1.1" 200 5 "-" "x"';

test("ids are event ids, begin with the event's time and are the same every time", async () => {
  const path = file("a.log", `${REQUEST}\n`);
  const [first] = await read(apacheSource(path, undefined));
  const [again] = await read(apacheSource(path, undefined));
  expect(isEventId(idOf(first) ?? "")).toBe(true);
  expect(identityTime(idOf(first) ?? "")).toBe(Date.UTC(2025, 9, 10, 13, 55, 36));
  expect(idOf(again)).toBe(idOf(first));
});

test("equal lines are different events, and lines added later do not change the ids of old ones", async () => {
  const [one, two] = await read(apacheSource(file("b.log", `${REQUEST}\n${REQUEST}\n`), undefined));
  const grown = await read(apacheSource(file("c.log", `${REQUEST}\n${REQUEST}\n${REQUEST}\n`), undefined));
  expect(idOf(one)).not.toBe(idOf(two));
  expect(grown.slice(0, 2).map(idOf)).toEqual([idOf(one), idOf(two)]);
});

test("an id does not give the address away: it is the same for another address", async () => {
  const [mine] = await read(apacheSource(file("d.log", REQUEST), undefined));
  const [theirs] = await read(apacheSource(file("e.log", REQUEST.replace("198.18.0.1", "198.18.0.2")), undefined));
  expect(idOf(theirs)).toBe(idOf(mine));
});

test("the site's own host is guessed from referrers that lead to its own paths", async () => {
  const inside = REQUEST.replace('"-"', '"https://www.example.org/a"');
  const outside = REQUEST.replace('"-"', '"https://elsewhere.example/nowhere"');
  const source = apacheSource(
    file("f.log", [REQUEST, inside, inside, outside, outside, outside].join("\n")),
    undefined,
  );
  const [first] = await read(source);
  expect(source.notes().join()).toContain("site example.org");
  expect(first && !isBadItem(first) && first.event["$context"]).toMatchObject({ url: "https://example.org/a" });
});

test("JSON lines: gzipped, nested time, numbers as milliseconds; bad ones named by line", async () => {
  const lines = ['{"at":{"t":"2025-01-02T03:04:05Z"}}', '{"at":{"t":1735787045000}}', "{", "[1]", '{"at":{}}', ""];
  const path = file("g.ndjson.gz", gzipSync(lines.join("\r\n")));
  const items = await read(ndjsonSource(path, "things", "at.t"));
  expect(
    items.map((item) =>
      isBadItem(item) ? `${item.line} ${item.bad.split(":")[0]}` : `${item.line} ${item.collection}`,
    ),
  ).toEqual(["1 things", "2 things", "3 not JSON", "4 not a JSON object", "5 at.t is not a time"]);
  expect(identityTime(idOf(items[0]) ?? "")).toBe(identityTime(idOf(items[1]) ?? ""));
});

test("a truncated gzip file is an error, not a shorter import", async () => {
  const whole = gzipSync(Array.from({ length: 500 }, (_, i) => `{"t":${i},"x":"${i * 7919}"}`).join("\n"));
  const source = ndjsonSource(file("h.ndjson.gz", whole.subarray(0, whole.length - 200)), "things", "t");
  await expect(read(source)).rejects.toThrow(/unexpected end of file/);
});
