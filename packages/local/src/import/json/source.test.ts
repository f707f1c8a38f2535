import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { constants, gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { openSource, type SourceOptions } from "../open-source.ts";
import { isBadItem, type Item } from "../read/source.ts";

const folder = mkdtempSync(join(tmpdir(), "millrace-import-"));
afterAll(() => rmSync(folder, { recursive: true }));
let made = 0;

async function read(content: string | Buffer, options: SourceOptions): Promise<{ items: Item[]; remarks: string }> {
  const path = join(folder, `${made++}.ndjson`);
  writeFileSync(path, content);
  const source = await openSource("ndjson", [{ path, stream: "s" }], options, () => {});
  const items = await Array.fromAsync(source.items(() => {}));
  return { items, remarks: source.remarks?.().join() ?? "" };
}

const THINGS = { collection: "things", timestamp: "t" };
const timeOf = (item: Item | undefined) =>
  item && !isBadItem(item) ? (item.event["keen"] as { timestamp: string }).timestamp : item?.bad;

test("gzipped whatever its name, nested times, bad lines named by number", async () => {
  const lines = ['{"at":{"t":"2025-01-02T03:04:05Z"}}', "{", "[1]", '{"at":{}}', ""];
  const { items } = await read(gzipSync(lines.join("\r\n")), { collection: "things", timestamp: "at.t" });
  expect(items.map((item) => `${item.line} ${isBadItem(item) ? item.bad.split(":")[0] : item.collection}`)).toEqual([
    "1 things",
    "2 not JSON",
    "3 not a JSON object",
    "4 at.t is not a time",
  ]);
});

test.each([
  ["seconds", "1659607200.52", "2022-08-04T10:00:00.520Z"],
  ["seconds, whole", "1659607200", "2022-08-04T10:00:00.000Z"],
  ["milliseconds", "1659607200520", "2022-08-04T10:00:00.520Z"],
  ["microseconds", "1659607200520123", "2022-08-04T10:00:00.520Z"],
  ["digits in a text", '"1659607200520"', "2022-08-04T10:00:00.520Z"],
  ["ISO 8601 with a blank", '"2022-08-04 10:00:00.52+00:00"', "2022-08-04T10:00:00.520Z"],
  ["an HTTP date", '"Thu, 04 Aug 2022 10:00:00 GMT"', "2022-08-04T10:00:00.000Z"],
  ["nanoseconds", "1659607200520123456", "2022-08-04T10:00:00.520Z"],
  ["seconds with an exponent", "1.6596072e9", "2022-08-04T10:00:00.000Z"],
  ["a database's form, zone named", '"2022-08-04 10:00:00.520123 UTC"', "2022-08-04T10:00:00.520Z"],
  ["Go's form", '"2022-08-04 12:00:00.52 +0200 UTC"', "2022-08-04T10:00:00.520Z"],
  ["a leap second", '"2016-12-31T23:59:60Z"', "2016-12-31T23:59:59.000Z"],
  ["MongoDB's form", '{"$date":"2022-08-04T10:00:00Z"}', "2022-08-04T10:00:00.000Z"],
  ["MongoDB's milliseconds", '{"$date":{"$numberLong":"1659607200520"}}', "2022-08-04T10:00:00.520Z"],
  ["a log's time", '"04/Aug/2022:12:00:00 +0200"', "2022-08-04T10:00:00.000Z"],
])("a time in %s", async (_name, json, expected) => {
  const { items } = await read(`{"t":${json}}`, THINGS);
  expect(items.map(timeOf)).toEqual([expected]);
});

test.each([
  "0",
  "-1",
  "12345",
  "3600000",
  "99999999999999999999",
  "253402300800",
  "1e30",
  '"0000-00-00 00:00:00"',
  '"2025-01-02T24:00:00Z"',
  '"02/01/2025 03:04:05"',
  '"2025-02-31T00:00:00Z"',
  '"yesterday"',
  "true",
  "null",
])("no time is made up of %s", async (json) => {
  const { items } = await read(`{"t":${json}}`, THINGS);
  expect(items.map((item) => isBadItem(item) && item.bad)).toEqual([expect.stringContaining("t is not a time")]);
});

test.each([
  ["2025-03-30 01:59:59", "2025-03-30T00:59:59.000Z"],
  ["2025-03-30 03:00:00", "2025-03-30T01:00:00.000Z"],
  // An hour that comes twice is the first of them; one that does not come is that of the clock before it changed.
  ["2025-10-26 02:30:00", "2025-10-26T00:30:00.000Z"],
  ["2025-03-30 02:30:00", "2025-03-30T01:30:00.000Z"],
  ["10/Oct/2025:13:55:36", "2025-10-10T11:55:36.000Z"],
  ["2025-10-10 13:55:36+00:00", "2025-10-10T13:55:36.000Z"],
])("a time without a zone is on the clock of --timezone: %s", async (time, expected) => {
  const { items, remarks } = await read(JSON.stringify({ t: time }), { ...THINGS, timezone: "Europe/Berlin" });
  expect(items.map(timeOf)).toEqual([expected]);
  expect(remarks).toBe(time.includes("+") ? "" : "1 times name no zone and were taken for Europe/Berlin");
});

test("without --timezone it is UTC's, and the importer says so", async () => {
  const { items, remarks } = await read('{"t":"2025-03-30 02:30:00"}\n{"t":"2025-03-30"}\n{"t":1735787045}', THINGS);
  expect(items.map(timeOf).slice(0, 2)).toEqual(["2025-03-30T02:30:00.000Z", "2025-03-30T00:00:00.000Z"]);
  expect(remarks).toBe("1 times name no zone and were taken for UTC (--timezone NAME says another)");
});

test("names that an event may not have become ones that it may, nothing is lost, and it is said", async () => {
  const line = {
    t: "2025-01-02T03:04:05Z",
    "geo.country": "DE",
    geo: { city: "Ulm" },
    $os: "Linux",
    os: "x",
    $: 1,
    list: [{ "a.b": 1 }],
  };
  const { items, remarks } = await read(JSON.stringify(line), THINGS);
  expect(items[0]).toMatchObject({
    event: { geo: { country: "DE", city: "Ulm" }, os: "Linux", os_: "x", _: 1, list: [{ a: { b: 1 } }] },
  });
  expect(remarks).toContain("geo.country, $os");
});

test("a number beyond every double is a bad line, not null", async () => {
  const { items } = await read('{"t":"2025-01-02T03:04:05Z","a":[1e999]}', THINGS);
  expect(items.map((item) => isBadItem(item) && item.bad)).toEqual([expect.stringContaining('number of "a"')]);
});

test("what would become the envelope's name keeps its value under another", async () => {
  const { items } = await read('{"t":"2025-01-02T03:04:05Z","$keen":7,"x":{"keen":8}}', THINGS);
  expect(items).toMatchObject([
    { event: { keen_: 7, x: { keen: 8 }, keen: { timestamp: "2025-01-02T03:04:05.000Z" } } },
  ]);
});

test("__proto__ is a property like any other", async () => {
  const { items } = await read('{"t":"2025-01-02T03:04:05Z","__proto__":{"x":1},"a.__proto__.y":2}', THINGS);
  const [item] = items;
  const event = item && !isBadItem(item) ? item.event : {};
  expect(Object.getPrototypeOf(event)).toBe(Object.prototype);
  expect(JSON.stringify(event)).toContain('"__proto__":{"x":1}');
  expect(({} as Record<string, unknown>)["y"]).toBeUndefined();
});

test("an array with an element a line reads like lines", async () => {
  const { items } = await read('[\n{"t":"2025-01-02T03:04:05Z"},\n{"t":"2025-01-02T03:04:06Z"}\n]\n', THINGS);
  expect(items.map(timeOf)).toEqual(["2025-01-02T03:04:05.000Z", "2025-01-02T03:04:06.000Z"]);
});

test.each([
  ["in one line", '[{"t":"2025-01-02T03:04:05Z","x":"}{\\\\\\""},{"t":"2025-01-02T03:04:06Z","y":[{"z":1}]}]'],
  [
    "with indents",
    JSON.stringify(
      [
        { t: "2025-01-02T03:04:05Z", x: '}{\\"' },
        { t: "2025-01-02T03:04:06Z", y: [{ z: 1 }] },
      ],
      null,
      2,
    ),
  ],
  [
    "begun in its first element's line",
    '[{"t":"2025-01-02T03:04:05Z","x":"}{\\\\\\""},\n{"t":"2025-01-02T03:04:06Z","y":[{"z":1}]}]',
  ],
  [
    "objects with indents, without an array",
    '{\n "t":"2025-01-02T03:04:05Z","x":"}{\\\\\\""\n}\n{\n "t":"2025-01-02T03:04:06Z",\n "y":[{"z":1}]}',
  ],
])("an array written freely is its objects: %s", async (_name, text) => {
  const { items } = await read(text, THINGS);
  expect(items.map(timeOf)).toEqual(["2025-01-02T03:04:05.000Z", "2025-01-02T03:04:06.000Z"]);
  expect(items).toMatchObject([{ event: { x: '}{\\"' } }, { event: { y: [{ z: 1 }] } }]);
});

test("a line that is broken harms no other line; an array that breaks off is named where its last object begins", async () => {
  const lines = await read('{"t":"2025-01-02T03:04:05Z"\n{"t":"2025-01-02T03:04:06Z"}', THINGS);
  expect(lines.items.map(isBadItem)).toEqual([true, false]);
  const array = await read('[\n  {\n    "t": "2025-01-02T03:04:05Z"\n  },\n  {\n    "t": "2025-', THINGS);
  expect(array.items.map((item) => [item.line, isBadItem(item)])).toEqual([
    [2, false],
    [5, true],
  ]);
});

test("an id of the export's own is the event's, in whatever file and place", async () => {
  const line = '{"t":"2025-01-02T03:04:05Z","uuid":"u1","x":1}';
  const options = { map: "time=t,id=uuid,collection=kind", collection: "things" };
  const [one, two] = [await read(line, options), await read(`{"t":"2025-01-02T03:04:05Z"}\n${line}`, options)];
  const id = (item: Item | undefined) => item && !isBadItem(item) && (item.event["keen"] as { id: string }).id;
  expect(id(two.items[1])).toBe(id(one.items[0]));
});

const URL = "https://shop.example/p";

test.each([
  [
    "posthog",
    {
      uuid: "u1",
      event: "$pageview",
      timestamp: "2025-01-02T03:04:05Z",
      distinct_id: "d",
      properties: { $current_url: URL, $referrer: "$direct", $ip: "198.51.100.7", plan: "pro" },
    },
    { ip: "198.51.100.7", url: URL },
    { plan: "pro", current_url: URL },
  ],
  [
    "mixpanel",
    {
      event: "$mp_web_page_view",
      properties: { time: 1735787045, distinct_id: "d", $insert_id: "i", current_url: URL, plan: "pro" },
    },
    { url: URL },
    { plan: "pro" },
  ],
  [
    "ga4",
    {
      event_name: "page_view",
      event_timestamp: "1735787045000000",
      user_pseudo_id: "d",
      event_params: [
        { key: "page_location", value: { string_value: URL, int_value: null } },
        { key: "engagement", value: { int_value: "7" } },
      ],
    },
    { url: URL },
    { event_params: { page_location: URL, engagement: 7 } },
  ],
  [
    "umami",
    {
      event_id: "e1",
      created_at: "2025-01-02 03:04:05",
      session_id: "d",
      hostname: "shop.example",
      url_path: "/p",
      url_query: "",
      event_name: null,
    },
    { url: URL },
    { session_id: "d" },
  ],
  [
    "umami",
    {
      id: "e1",
      createdAt: "2025-01-02T03:04:05.000Z",
      sessionId: "d",
      hostname: "shop.example",
      urlPath: "/p",
      urlQuery: "",
      eventName: "",
    },
    { url: URL },
    { sessionId: "d" },
  ],
  [
    "plausible",
    {
      timestamp: "2025-01-02 03:04:05",
      name: "pageview",
      user_id: 17,
      hostname: "shop.example",
      pathname: "/p",
      "meta.key": ["plan"],
      "meta.value": ["pro"],
    },
    { url: URL },
    { meta: { plan: "pro" } },
  ],
])("%s: a page view of its own kind", async (preset, line, context, properties) => {
  const { items } = await read(JSON.stringify(line), { preset });
  expect(items).toMatchObject([{ collection: "pageviews", event: { ...properties, $context: context } }]);
  expect(timeOf(items[0])).toBe("2025-01-02T03:04:05.000Z");
});

test("the address that makes the visitor is no property", async () => {
  const posthog = { event: "x", timestamp: "2025-01-02T03:04:05Z", properties: { $ip: "198.51.100.7", plan: "pro" } };
  const mine = { t: "2025-01-02T03:04:05Z", from: "198.51.100.7", plan: "pro" };
  for (const [line, options] of [
    [posthog, { preset: "posthog" }],
    [{ ...posthog, properties: JSON.stringify(posthog.properties) }, { preset: "posthog" }],
    [mine, { map: "time=t,ip=from", collection: "things" }],
  ] as const) {
    const { items } = await read(JSON.stringify(line), options);
    const { $context, ...event } = items[0] && !isBadItem(items[0]) ? items[0].event : {};
    expect($context).toEqual({ ip: "198.51.100.7" });
    expect(event).toMatchObject({ plan: "pro" });
    expect(JSON.stringify(event)).not.toContain("198.51.100.7");
  }
});

test("Plausible keeps campaigns in columns, and referrers without a scheme", async () => {
  const line = {
    timestamp: "2025-01-02 03:04:05",
    name: "pageview",
    hostname: "shop.example",
    pathname: "/p",
    referrer: "google.com/search",
    utm_source: "a b",
    utm_medium: "email",
    utm_campaign: "",
  };
  const { items } = await read(JSON.stringify(line), { preset: "plausible" });
  expect(items).toMatchObject([
    {
      event: {
        $context: {
          url: "https://shop.example/p?utm_source=a+b&utm_medium=email",
          referrer: "https://google.com/search",
        },
      },
    },
  ]);
});

test.each([
  [{}, "needs --collection"],
  [{ collection: "a" }, "needs --collection"],
  [{ preset: "matomo" }, 'no preset "matomo"'],
  [{ map: "tme=t" }, "NAME=PROPERTY"],
  [{ ...THINGS, timezone: "Mars/Base" }, "not a known time zone"],
])("options that cannot be: %j", async (options, reason) => {
  await expect(read("{}", options)).rejects.toThrow(reason);
});

test("a file that breaks off is an error that says so, not a shorter import", async () => {
  const whole = gzipSync(
    Array.from({ length: 500 }, (_, i) => `{"t":"2025-01-02T03:04:05Z","x":"${i * 7919}"}`).join("\n"),
  );
  await expect(read(whole.subarray(0, whole.length - 200), THINGS)).rejects.toThrow(
    /breaks off or is damaged after line/,
  );
});

test("UTF-16 without a mark, lines that end with a return, marks between files put together", async () => {
  const text = '{"t":"2025-01-02T03:04:05Z","x":"ж"}\n{"t":"2025-01-02T03:04:06Z"}\n';
  const wide = Buffer.from(text, "utf16le");
  for (const content of [
    wide,
    Buffer.from(wide).swap16(),
    text.replaceAll("\n", "\r"),
    text.replaceAll("\n", "\n\u{FEFF}"),
  ]) {
    const { items } = await read(content, THINGS);
    expect(items.map(timeOf)).toEqual(["2025-01-02T03:04:05.000Z", "2025-01-02T03:04:06.000Z"]);
    expect(items).toMatchObject([{ event: { x: "ж" } }, {}]);
  }
});

test("Zstandard and UTF-16 are read as what they hold", async () => {
  const text = '{"t":"2025-01-02T03:04:05Z","x":"ж"}\r\n{"t":"2025-01-02T03:04:06Z"}';
  const big = Buffer.from(`\uFEFF${text}`, "utf16le").swap16();
  for (const content of [zstdCompressSync(text), Buffer.from(`\uFEFF${text}`, "utf16le"), big, `\uFEFF${text}`]) {
    const { items } = await read(content, THINGS);
    expect(items.map(timeOf)).toEqual(["2025-01-02T03:04:05.000Z", "2025-01-02T03:04:06.000Z"]);
    expect(items).toMatchObject([{ event: { x: "ж" } }, {}]);
  }
  const whole = zstdCompressSync(
    Buffer.from(Array.from({ length: 5_000 }, (_, i) => `{"x":"${i * 7919}"}`).join("\n")),
  );
  await expect(read(whole.subarray(0, whole.length - 200), THINGS)).rejects.toThrow("breaks off or is damaged");
});

test("packed files that were put together are read to their end", async () => {
  const [one, two] = ['{"t":"2025-01-02T03:04:05Z"}\n', '{"t":"2025-01-02T03:04:06Z"}\n'];
  const checked = { params: { [constants.ZSTD_c_checksumFlag]: 1 } };
  const skipped = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
  for (const content of [
    [gzipSync(one), gzipSync(two), Buffer.alloc(512)],
    [zstdCompressSync(one), zstdCompressSync(two)],
    [zstdCompressSync(one, checked), skipped, zstdCompressSync("", checked), zstdCompressSync(two, checked), skipped],
  ]) {
    const { items } = await read(Buffer.concat(content), THINGS);
    expect(items.map(timeOf)).toEqual(["2025-01-02T03:04:05.000Z", "2025-01-02T03:04:06.000Z"]);
  }
  const garbage = Buffer.concat([zstdCompressSync(one), Buffer.from("no frame of anything")]);
  await expect(read(garbage, THINGS)).rejects.toThrow("breaks off or is damaged");
});

test("a large file of several frames loses nothing, wherever its chunks end", async () => {
  const lines = Array.from(
    { length: 30_000 },
    (_, i) => `{"t":"2025-01-02T03:04:05Z","x":"${(i * 7_919_993) % 1_000_003}"}`,
  );
  const frames = [lines.slice(0, 10_001), lines.slice(10_001)].map((part) => zstdCompressSync(`${part.join("\n")}\n`));
  const { items } = await read(Buffer.concat(frames), THINGS);
  expect(items).toHaveLength(lines.length);
});

test.each([
  ["bzip2", [0x42, 0x5a, 0x68, 0x39, 1, 2, 3], "bzcat"],
  ["xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 1], "xzcat"],
  ["a zip", [0x50, 0x4b, 3, 4, 20, 0, 0], "unzip -p"],
  ["a tar", [...Buffer.from("a.log".padEnd(257, "\0")), ...Buffer.from("ustar  ")], "tar xOf"],
])("%s is named, with the command that helps", async (_name, bytes, command) => {
  await expect(read(Buffer.from(bytes), THINGS)).rejects.toThrow(command);
});

test("a file that is no text is refused as such", async () => {
  await expect(read(Buffer.from(Array.from({ length: 2_000 }, (_, i) => (i * 31) % 256)), THINGS)).rejects.toThrow(
    "is no text file",
  );
});

test("integers that no double holds become texts with all their digits, and it is said", async () => {
  const { items, remarks } = await read('{"t":"2025-01-02","tweet":{"id":1234567890123456789},"n":5}', THINGS);
  const [item] = items;
  expect(item && !isBadItem(item) && item.event).toMatchObject({ tweet: { id: "1234567890123456789" }, n: 5 });
  expect(remarks).toBe("integers that no double holds became texts: id");
});
