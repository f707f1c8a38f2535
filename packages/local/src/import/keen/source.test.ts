import { timePrefix } from "@millrace/core";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { isBadItem } from "../read/source.ts";
import { rowsOf } from "./rows.ts";
import { keenSource } from "./source.ts";

const folder = mkdtempSync(join(tmpdir(), "keen-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function read(content: string | Uint8Array) {
  const path = join(folder, "extraction");
  writeFileSync(path, content);
  const source = keenSource([{ path, stream: "s" }], "purchases");
  const items = await Array.fromAsync(source.items(() => {}));
  return {
    events: items.flatMap((item) => (isBadItem(item) ? [] : [item.event])),
    bad: items.flatMap((item) => (isBadItem(item) ? [`${item.line}: ${item.bad}`] : [])),
    lines: items.map(({ line }) => line),
    remarks: source.remarks?.() ?? [],
  };
}

const KEEN = {
  id: "55f3a0e1c1b2d3e4f5061728",
  timestamp: "2015-09-12T03:50:57.123Z",
  created_at: "2015-09-12T03:51:00.000Z",
};
const ROW = { keen: KEEN, country: "PL", price: 9.5, tags: ["a", { b: '}"]' }], nested: { list: [[1]] } };
const SECOND = { ...ROW, keen: { ...KEEN, id: "55f3a0e1c1b2d3e4f5061729" }, country: "DE" };

test("a row of CSV with cells too many or too few is bad, and two columns of one name are an error", async () => {
  const head = "keen.id,keen.timestamp,price";
  const row = `${KEEN.id},${KEEN.timestamp},9`;
  const { events, bad } = await read(`${head}\n${row}\n${row},8\n${KEEN.id},${KEEN.timestamp}\n`);
  expect(events).toMatchObject([{ price: 9 }]);
  expect(bad).toEqual([3, 4].map((line) => `${line}: not as many cells as the header has columns`));
  await expect(read(`${head},price\n${row},8\n`)).rejects.toThrow('Two columns are called "price"');
});

test("an event keeps Keen's id behind its time, and when it happened", async () => {
  const { events } = await read(JSON.stringify({ result: [ROW] }));
  const { keen: _, ...own } = ROW;
  expect(events).toEqual([
    {
      ...own,
      keen_created_at: KEEN.created_at,
      keen: { id: `${timePrefix(Date.parse(KEEN.timestamp))}${KEEN.id}`, timestamp: KEEN.timestamp },
    },
  ]);
});

test.each([
  ["an answer in one line", JSON.stringify({ result: [ROW, SECOND] })],
  ["an answer with indents", JSON.stringify({ result: [ROW, SECOND] }, undefined, 2)],
  [
    "a saved query's answer",
    JSON.stringify({ query: { filters: [{ a: [1] }] }, result: [ROW, SECOND], metadata: { x: [ROW] } }),
  ],
  ["a list", JSON.stringify([ROW, SECOND])],
  ["a row a line", `${JSON.stringify(ROW)}\n${JSON.stringify(SECOND)}\n`],
  ["gzip", gzipSync(JSON.stringify({ result: [ROW, SECOND] }))],
  ["a byte order mark", `\uFEFF${JSON.stringify({ result: [ROW, SECOND] })}`],
])("%s is read", async (_form, content) => {
  const { events, bad } = await read(content);
  expect([events.map(({ country }) => country), bad]).toEqual([["PL", "DE"], []]);
});

test("rows are the same however the file arrives in pieces", async () => {
  const text = JSON.stringify({ result: [ROW, SECOND, { "a\\": '{"' }] }, undefined, 1);
  const whole = await Array.fromAsync(
    rowsOf(
      (async function* () {
        yield text;
      })(),
    ),
  );
  expect(whole.map((row) => JSON.parse(row.text) as unknown)).toEqual([ROW, SECOND, { "a\\": '{"' }]);
  for (const size of [64, 65, 66, 67]) {
    const pieces = (async function* () {
      for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
    })();
    expect(await Array.fromAsync(rowsOf(pieces))).toEqual(whole);
  }
});

describe("CSV", () => {
  test("has the same events: numbers, truths and lists are what they were, an empty cell is none", async () => {
    const csv = [
      "keen.timestamp,keen.id,country,price,isNew,tags,zip,phone,note,plan",
      `${KEEN.timestamp},${KEEN.id},PL,9.50,true,"[""a"",1]",01234,+4930,"two",`,
      `${KEEN.timestamp},55f3a0e1c1b2d3e4f5061729,DE,12,false,[],1234567890123456789,5,"a ""b""\n\nc",pro`,
    ].join("\r\n");
    const { events, lines } = await read(csv);
    expect(events).toMatchObject([
      { country: "PL", price: 9.5, isNew: true, tags: ["a", 1], zip: "01234", phone: "+4930", note: "two" },
      {
        country: "DE",
        price: 12,
        isNew: false,
        tags: [],
        zip: "1234567890123456789",
        phone: 5,
        note: 'a "b"\n\nc',
        plan: "pro",
      },
    ]);
    expect(events[0]?.["keen"]).toEqual({
      id: `${timePrefix(Date.parse(KEEN.timestamp))}${KEEN.id}`,
      timestamp: KEEN.timestamp,
    });
    expect(events[0]).not.toHaveProperty("plan");
    expect(lines.length).toBe(2);
  });

  test("with dots in its names has objects", async () => {
    const { events } = await read(`keen.timestamp,geo.country,geo.city\n${KEEN.timestamp},PL,Warsaw\n`);
    expect(events[0]).toMatchObject({ geo: { country: "PL", city: "Warsaw" } });
  });
});

test("integers that no double holds become texts, and it is said", async () => {
  const { events, remarks } = await read(
    `{"result":[{"keen":${JSON.stringify(KEEN)},"tweet":1234567890123456789,"n":5}]}`,
  );
  expect(events[0]).toMatchObject({ tweet: "1234567890123456789", n: 5 });
  expect(remarks).toEqual(["integers that no double holds became texts: tweet"]);
});

test("what another Millrace wrote into its rows is left out, and its ids are the events'", async () => {
  const id = "014fbfc8fda37c74ab04ec6ee760c978";
  const { events } = await read(
    JSON.stringify([{ ...ROW, keen: { ...KEEN, id }, $page: { path: "/" }, $engaged_ms: 5 }]),
  );
  expect(events[0]).toMatchObject({ keen: { id } });
  expect(Object.keys(events[0] ?? {})).not.toContain("page");
});

test("a row without a time, and the last one of a file that breaks off, are bad lines", async () => {
  const text = JSON.stringify({ result: [{ country: "PL" }, ROW] }, undefined, 1);
  const { events, bad } = await read(text.slice(0, -40));
  expect(events).toEqual([]);
  expect(bad).toEqual(["3: keen.timestamp is missing, or no time", "6: not a JSON object"]);
});

test("rows without ids are told apart by what they say, and by how often they say it", async () => {
  const row = { country: "PL", keen: { timestamp: KEEN.timestamp } };
  const ids = async () => (await read(JSON.stringify({ result: [row, row] }))).events.map(({ keen }) => keen);
  const [first, second] = await ids();
  expect(first).not.toEqual(second);
  expect(await ids()).toEqual([first, second]);
});
