import { expect, test } from "vitest";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { encodingOf } from "./packing.ts";
import { appOf, type Route } from "./routes.ts";

const LONG = { rows: Array.from({ length: 200 }, (_, row) => ({ row, page: `/pages/${row}` })) };
const TEXT = JSON.stringify(LONG);

const get = (path: string, handler: Route["handler"], routeClass: Route["class"] = "query"): Route => ({
  method: "GET",
  path,
  class: routeClass,
  summary: "test",
  handler,
});
const of = (type: string, headers: Record<string, string> = {}) =>
  get(`/${type.split(";")[0]}`, () => new Response(TEXT, { headers: { "Content-Type": type, ...headers } }));

const app = appOf(
  [
    get("/long", (c) => c.json(LONG)),
    get("/console", (c) => c.json(LONG), "console"),
    get("/collect", (c) => c.json(LONG), "collect"),
    get("/short", (c) => c.json({ text: "x".repeat(900) })),
    get("/made", (c) => c.json(LONG, 201)),
    get("/nothing", (c) => c.body(null, 204)),
    get("/known", (c) => (c.header("ETag", '"1"'), c.header("Content-Type", "text/html"), c.body(null, 304))),
    get("/cookies", (c) => {
      for (const name of ["a", "b"]) c.header("Set-Cookie", `${name}=1`, { append: true });
      return c.json(LONG);
    }),
    get("/packed", (c) => (c.header("Content-Encoding", "zstd"), c.json(LONG))),
    of("text/csv; charset=utf-8; header=present", { "Content-Length": String(TEXT.length) }),
    of("text/html; charset=utf-8", { Vary: "Accept" }),
    of("application/javascript; charset=utf-8"),
    of("application/vnd.apache.parquet"),
    of("text/event-stream"),
    of("image/gif"),
  ],
  () => {},
);

const ask = (path: string, accepted?: string, method = "GET") =>
  app.request(path, { method, headers: accepted === undefined ? {} : { "Accept-Encoding": accepted } });
const encoding = async (path: string, accepted?: string) => (await ask(path, accepted)).headers.get("content-encoding");

test.each([
  [undefined, undefined],
  ["", undefined],
  ["identity", undefined],
  ["zstd, deflate", undefined],
  ["gzip", "gzip"],
  ["GZIP", "gzip"],
  ["br", "br"],
  ["gzip, deflate, br, zstd", "br"],
  ["br;q=0.2, gzip;q=0.8", "gzip"],
  ["br;q=0, gzip ; q=0.1", "gzip"],
  ["gzip;q=0", undefined],
  ["gzip;q=0.0", undefined],
  ["gzip;q=much", undefined],
  ["*", "br"],
  ["*;q=0", undefined],
  ["br;q=0, *", "gzip"],
  ["*;q=0, gzip", "gzip"],
  ["br;q = 0, gzip", "gzip"],
  ["br;qs=0, gzip;level=9", "br"],
])("a client that says %s is sent %s", (accepted, sent) => {
  expect(encodingOf(accepted, ["br", "gzip"])).toBe(sent);
});

test("of one way alone that one or none", () => {
  expect(encodingOf("br, gzip;q=0.1", ["gzip"])).toBe("gzip");
  expect(encodingOf("br", ["gzip"])).toBeUndefined();
});

test.each(["/long", "/console", "/made", "/cookies", "/text/csv", "/text/html", "/application/javascript"])(
  "what %s answers is the same packed by either way, and as it is",
  async (path) => {
    const plain = await ask(path);
    const [br, gz] = await Promise.all([ask(path, "br"), ask(path, "gzip")]);
    expect([plain, br, gz].map(({ headers }) => headers.get("content-encoding"))).toEqual([null, "br", "gzip"]);
    expect(await plain.text()).toBe(TEXT);
    const [brotli, gzip] = [await br.bytes(), await gz.bytes()];
    expect(brotliDecompressSync(brotli).toString()).toBe(TEXT);
    expect(gunzipSync(gzip).toString()).toBe(TEXT);
    expect(Math.max(brotli.length, gzip.length)).toBeLessThan(TEXT.length / 2);
    for (const { status, headers } of [br, gz]) {
      expect(status).toBe(plain.status);
      expect(headers.get("content-type")).toBe(plain.headers.get("content-type"));
      expect(headers.getSetCookie()).toEqual(plain.headers.getSetCookie());
      // It was that of the text.
      expect(headers.get("content-length")).toBeNull();
      expect(headers.get("vary")).toContain("Accept-Encoding");
    }
  },
);

test("a cache is told that the answer differs also by what was sent as it is", async () => {
  expect((await ask("/long")).headers.get("vary")).toBe("Accept-Encoding");
  expect((await ask("/text/html", "br")).headers.get("vary")).toBe("Accept, Accept-Encoding");
});

test.each([
  ["too short to gain", "/short"],
  ["what somebody records", "/collect"],
  ["a file that is packed in itself", "/application/vnd.apache.parquet"],
  ["a stream, whose end nobody waits for", "/text/event-stream"],
  ["an image", "/image/gif"],
])("%s is sent as it is", async (_what, path) => {
  const answer = await ask(path, "br, gzip");
  expect(answer.headers.get("content-encoding")).toBeNull();
  expect(await answer.text()).toBe(await (await ask(path)).text());
});

test("what has an encoding is not given another", async () => {
  expect(await encoding("/packed", "br, gzip")).toBe("zstd");
  expect(await (await ask("/packed", "br, gzip")).text()).toBe(TEXT);
});

test("answers without a body stay without one", async () => {
  for (const [path, status] of [
    ["/nothing", 204],
    ["/known", 304],
  ] as const) {
    const answer = await ask(path, "br");
    expect([answer.status, answer.headers.get("content-encoding"), await answer.text()]).toEqual([status, null, ""]);
  }
  const head = await ask("/long", "br", "HEAD");
  expect([head.status, head.headers.get("content-encoding"), await head.text()]).toEqual([200, null, ""]);
});

test("an error is told as ever", async () => {
  const answer = await ask("/unknown", "br");
  expect([answer.status, answer.headers.get("content-encoding")]).toEqual([404, null]);
});
