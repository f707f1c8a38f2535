import { setImmediate as nextTurn } from "node:timers/promises";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestApp, type TestApp } from "../../test/setup.ts";
import { jsonText } from "./respond.ts";

/** As small as a limit can be told from a large answer. */
const MOST = 150_000;

let t: TestApp;
beforeAll(async () => {
  t = await createTestApp((deps) => ({ ...deps, maxAnswerBytes: MOST }));
  await t.record(...Array.from({ length: 2_000 }, (_, i) => ({ properties: { text: `"${"x".repeat(60)}`, i } })));
  // What does not compress: a pseudo-random text.
  const noise = (seed: number) =>
    Array.from({ length: 4_000 }, (_, i) =>
      Math.sin(seed * 4_000 + i)
        .toString(36)
        .slice(-3),
    ).join("");
  await t.record(
    ...Array.from({ length: 30 }, (_, i) => ({ collection: "noise", properties: { text: noise(i).slice(0, 9_000) } })),
  );
});
afterAll(() => t.close());

const extract = (collection: string, encoding?: string) =>
  t.app.request(`${t.shop.url}/queries/extraction?event_collection=${collection}`, {
    headers: { Authorization: t.shop.readKey, ...(encoding !== undefined && { "Accept-Encoding": encoding }) },
  });

describe("an answer beyond the limit", () => {
  test.each([
    ["gzip", "gzip"],
    ["br;q=0.5, gzip", "gzip"],
    ["br, gzip", "br"],
  ])("is compressed for a client that says %s", async (accepted, encoding) => {
    const response = await extract("purchases", accepted);
    expect([response.status, response.headers.get("content-encoding")]).toEqual([200, encoding]);
    expect(response.headers.get("vary")).toContain("Accept-Encoding");
    const packed = await response.bytes();
    expect(packed.byteLength).toBeLessThan(MOST);
    const text = (encoding === "br" ? brotliDecompressSync(packed) : gunzipSync(packed)).toString();
    expect((JSON.parse(text) as { result: unknown[] }).result).toHaveLength(2_000);
  });

  test.each([undefined, "deflate", "gzip;q=0", "identity"])(
    "is refused by name for one that says %s",
    async (encoding) => {
      const response = await extract("purchases", encoding);
      expect([response.status, await response.json()]).toEqual([
        413,
        {
          error_code: "AnswerTooLarge",
          message: expect.stringMatching(
            /The answer has \d+\.\d MB; at most 0\.1 MB .*gzip.*shorter timeframe/,
          ) as string,
        },
      ]);
      expect(response.headers.get("access-control-allow-origin")).toBe("*");
    },
  );

  test("is refused too when it stays too large compressed", async () => {
    const response = await extract("noise", "gzip");
    expect([response.status, await response.json()]).toMatchObject([
      413,
      { error_code: "AnswerTooLarge", message: expect.stringContaining("even compressed") as string },
    ]);
  });
});

test("quotation marks count twice, as they do where the answer is sent as a JSON string", async () => {
  const quotes = await createTestApp((deps) => ({ ...deps, maxAnswerBytes: 200_000 }));
  await quotes.record(...Array.from({ length: 15 }, () => ({ properties: { text: '"'.repeat(4_500) } })));
  const url = `${quotes.shop.url}/queries/extraction?event_collection=purchases&property_names=text`;
  const response = await quotes.app.request(url, { headers: { Authorization: quotes.shop.readKey } });
  // 135,000 characters of JSON, about 270,000 as a string in JSON.
  expect(response.status).toBe(413);
  await quotes.close();
});

test("others have turns while a large answer becomes text", async () => {
  const value = {
    result: Array.from({ length: 100_000 }, (_, n) => ({ n, text: "some text to be quoted", more: [n] })),
  };
  let turns = 0;
  let isDone = false;
  const text = jsonText(value).finally(() => (isDone = true));
  for (; !isDone; turns++) await nextTurn();
  expect(turns).toBeGreaterThan(2);
  expect((await text).body).toBe(JSON.stringify(value));
});
