import { DuckDBInstance } from "@duckdb/node-api";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestApp, type TestApp } from "../../test/setup.ts";

let t: TestApp;
beforeAll(async () => {
  t = await createTestApp();
  await t.record(
    {
      at: "2021-03-01T10:00:00Z",
      properties: { price: -5, who: { name: 'O"Hara, Ann', tags: ["a", 1] }, mixed: "1", paid: true, nothing: null },
      context: { page_path: "/a" },
    },
    { at: "2021-03-01T11:00:00.5Z", properties: { price: 1e21, who: { name: "=1+1" }, mixed: 2, paid: false } },
    { at: "2021-03-01T12:00:00Z", properties: { who: { name: "two\nlines" }, "@x": "-1" } },
    { collection: 'odd/na"me', properties: { a: 1 } },
  );
});
afterAll(() => t.close());

interface Asked {
  readonly body?: object;
  readonly headers?: Record<string, string>;
  readonly app?: TestApp;
}

const extract = ({ body = {}, headers = {}, app = t }: Asked) =>
  app.app.request(`${app.shop.url}/queries/extraction`, {
    method: "POST",
    headers: { Authorization: app.shop.readKey, ...headers },
    body: JSON.stringify({ event_collection: "purchases", ...body }),
  });
const CSV = { content_type: "text/csv" };
const PARQUET = { content_type: "application/vnd.apache.parquet" };
const OWN = { property_names: ["who", "price", "mixed", "paid", "nothing", "@x", "never"] };

describe("as CSV", () => {
  test("one column for each leaf, quoted where it must be, formulas made harmless", async () => {
    const answer = await extract({ body: { ...CSV, ...OWN } });
    expect(answer.headers.get("content-type")).toBe("text/csv; charset=utf-8; header=present");
    expect(answer.headers.get("content-disposition")).toBe(
      `attachment; filename="purchases.csv"; filename*=UTF-8''purchases.csv`,
    );
    expect(await answer.text()).toBe(
      [
        "who.name,who.tags,price,mixed,paid,nothing,'@x,never",
        '"O""Hara, Ann","[""a"",1]",-5,1,true,,,',
        "'=1+1,,1e+21,2,false,,,",
        `"two\nlines",,,,,,'-1,`,
        "",
      ].join("\r\n"),
    );
  });

  test("whole events begin with what every event has; standard fields where they are asked for", async () => {
    const [names] = (await (await extract({ body: CSV })).text()).split("\r\n");
    expect(names).toBe("keen.timestamp,keen.id,keen.created_at,'@x,mixed,nothing,paid,price,who.name,who.tags");
    const [all] = (await (await extract({ body: { ...CSV, standard_fields: true } })).text()).split("\r\n");
    expect(all).toContain("$collection,$page.path");
  });

  test("no events are a line of names, where there are any", async () => {
    const none = { filters: [{ property_name: "price", operator: "eq", property_value: 7 }] };
    expect(await (await extract({ body: { ...CSV, ...none, property_names: ["a", "b"] } })).text()).toBe("a,b\r\n");
    expect(await (await extract({ body: { ...CSV, ...none } })).text()).toBe("\r\n");
  });

  test("an odd name of a collection cannot leave the header it is in", async () => {
    const answer = await extract({ body: { ...CSV, event_collection: 'odd/na"me' } });
    expect(answer.headers.get("content-disposition")).toBe(
      `attachment; filename="odd_na_me.csv"; filename*=UTF-8''odd%2Fna%22me.csv`,
    );
  });

  test("over GET", async () => {
    const url = `${t.shop.url}/queries/extraction?event_collection=purchases&property_names=price&content_type=text/csv`;
    const answer = await t.app.request(url, { headers: { Authorization: t.shop.readKey } });
    expect(await answer.text()).toBe("price\r\n-5\r\n1e+21\r\n\r\n");
  });
});

describe("as Parquet", () => {
  test("another reader finds the same values, with their types", async () => {
    const answer = await extract({ body: { ...PARQUET, property_names: [...OWN.property_names, "keen.timestamp"] } });
    expect(answer.headers.get("content-type")).toBe("application/vnd.apache.parquet");
    const folder = await mkdtemp(join(tmpdir(), "millrace-parquet-"));
    const duckdb = await DuckDBInstance.create(":memory:");
    try {
      const file = join(folder, "x.parquet");
      await writeFile(file, new Uint8Array(await answer.arrayBuffer()));
      const connection = await duckdb.connect();
      const read = await connection.runAndReadAll(`SELECT * FROM '${file}'`);
      expect(read.columnNames()).toEqual([
        "who.name",
        "who.tags",
        "price",
        "mixed",
        "paid",
        "nothing",
        "@x",
        "never",
        "keen.timestamp",
      ]);
      expect(read.columnTypes().map(String)).toEqual(
        [
          "VARCHAR",
          "VARCHAR",
          "DOUBLE",
          "VARCHAR",
          "BOOLEAN",
          "VARCHAR",
          "VARCHAR",
          "VARCHAR",
          "TIMESTAMP WITH TIME ZONE",
        ].map((type, i) => (i === 8 ? expect.stringMatching(/^TIMESTAMP/) : type)),
      );
      expect(read.getRowsJson().map((row) => row.slice(0, 8))).toEqual([
        ['O"Hara, Ann', '["a",1]', -5, "1", true, null, null, null],
        ["=1+1", null, 1e21, "2", false, null, null, null],
        ["two\nlines", null, null, null, null, null, "-1", null],
      ]);
      const times = await connection.runAndReadAll(`SELECT epoch_ms("keen.timestamp") FROM '${file}'`);
      expect(times.getRowsJson().flat().map(Number)).toEqual(
        ["2021-03-01T10:00:00Z", "2021-03-01T11:00:00.5Z", "2021-03-01T12:00:00Z"].map(Date.parse),
      );
      connection.closeSync();
    } finally {
      duckdb.closeSync();
      await rm(folder, { recursive: true });
    }
  });

  test("of no events it is a file all the same", async () => {
    const none = { filters: [{ property_name: "price", operator: "eq", property_value: 7 }], property_names: "price" };
    const bytes = new Uint8Array(await (await extract({ body: { ...PARQUET, ...none } })).arrayBuffer());
    expect(Buffer.from(bytes.slice(0, 4)).toString()).toBe("PAR1");
  });
});

describe("which form", () => {
  const typeOf = async (asked: Asked) => (await extract(asked)).headers.get("content-type")?.split(";")[0];

  test.each<[title: string, asked: Asked, type: string]>([
    ["JSON unless something else is said", {}, "application/json"],
    ["JSON by name", { body: { content_type: "application/json" } }, "application/json"],
    ["a header that wants CSV", { headers: { Accept: "text/csv" } }, "text/csv"],
    [
      "a header that prefers Parquet",
      { headers: { Accept: "application/json;q=0.5, application/vnd.apache.parquet" } },
      "application/vnd.apache.parquet",
    ],
    ["a header that takes anything", { headers: { Accept: "text/csv, */*" } }, "application/json"],
    ["a header of a browser", { headers: { Accept: "text/html,application/xhtml+xml,*/*;q=0.8" } }, "application/json"],
    ["a header that is no header", { headers: { Accept: ";q=,text/csv;q=-1" } }, "application/json"],
    ["content_type before the header", { body: CSV, headers: { Accept: "application/json" } }, "text/csv"],
    [
      "Keen's clients read nothing but JSON",
      { body: CSV, headers: { "keen-sdk": "python-0.7.0" } },
      "application/json",
    ],
  ])("%s", async (_, asked, type) => {
    expect(await typeOf(asked)).toBe(type);
  });

  test.each([
    [{ content_type: "text/xml" }, "InvalidParameterError", /content_type "text\/xml".*text\/csv/],
    [{ content_type: 5 }, "InvalidParameterError", /content_type/],
    [{ email: "a@b.example" }, "UnsupportedQueryError", /nothing is sent by e-mail, by decision/],
    [{ email: "a@b.example", content_type: "text/csv" }, "UnsupportedQueryError", /by decision/],
  ])("%j is refused, as JSON", async (body, code, message) => {
    const answer = await extract({ body });
    expect({ status: answer.status, ...((await answer.json()) as object) }).toEqual({
      status: 400,
      error_code: code,
      message: expect.stringMatching(message),
    });
  });

  test("content_encoding was about mailed files, and is let through", async () => {
    expect((await extract({ body: { content_encoding: "gzip" } })).status).toBe(200);
  });

  test("a script and a batch are no files; other analyses take no content_type", async () => {
    const url = `${t.shop.url}/queries/extraction?event_collection=purchases&content_type=text/csv&jsonp=f&api_key=${t.shop.readKey}`;
    expect(await (await t.app.request(url)).text()).toMatch(
      /^\/\*\*\/f\(.*content_type text\/csv is not possible with jsonp/,
    );
    const queries = { rows: { analysis_type: "extraction", event_collection: "purchases", ...CSV } };
    const headers = { Authorization: t.shop.readKey };
    const batch = await t.app.request(`${t.shop.url}/queries/batch`, {
      method: "POST",
      headers,
      body: JSON.stringify({ queries }),
    });
    expect(await batch.json()).toMatchObject({
      result: { rows: { status: 400, message: expect.stringMatching(/queries\.rows\.content_type/) } },
    });
    expect(await t.query("count", CSV)).toMatchObject({ status: 400 });
  });

  test("the platform's limit of an answer holds for files", async () => {
    const small = await createTestApp((deps) => ({ ...deps, maxAnswerBytes: 1_000 }));
    await small.record(
      ...Array.from({ length: 300 }, (_, i) => ({ properties: { text: `${i} ${Math.random()} `.repeat(30) } })),
    );
    for (const form of [CSV, PARQUET]) {
      const answer = await extract({ app: small, body: form });
      expect({ status: answer.status, ...((await answer.json()) as object) }).toMatchObject({
        status: 413,
        error_code: "AnswerTooLarge",
      });
    }
    await small.close();
  });
});
