import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inProject, request } from "./client.ts";
import { hostileQuestions } from "./hostile-questions.ts";
import { ask, freePort, settled, startServer, temporaryFolder, type ServerProcess } from "./harness.ts";

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

/** What a caller must never see: frames, files, names of our engines. */
const INSIDE = /\bat .*\(|node_modules|\.ts:\d|file:\/\/|\/packages\/|SQLITE|duckdb/i;
const events = () => inProject(server.demo, "/events/hostile");

/** Writes bytes as they are and returns everything that comes back until the server closes. */
function raw(parts: readonly (string | Buffer)[], { hangUp = false } = {}): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(server.demo.url).port), "127.0.0.1", () => {
      for (const part of parts) socket.write(part);
      if (hangUp) socket.end();
    });
    let answer = "";
    socket.on("data", (chunk: Buffer) => (answer += chunk.toString()));
    socket.on("error", () => {});
    socket.on("close", () => resolve(answer));
  });
}

const head = (lines: readonly string[]) =>
  [
    `POST ${events()} HTTP/1.1`,
    "Host: localhost",
    `Authorization: ${server.demo.writeKey}`,
    "Connection: close",
    ...lines,
    "",
    "",
  ].join("\r\n");

test("an address far beyond the limit: the answer arrives, though the client was still sending", async () => {
  for (const chars of [40_000, 250_000, 1_000_000]) {
    const { status, text } = await request(server.demo, `/?${"x".repeat(chars)}`);
    expect([status, JSON.parse(text)]).toEqual([
      431,
      { message: expect.stringContaining("at most 32768 bytes") as string, error_code: "RequestEntityTooLarge" },
    ]);
  }
});

describe("over a bare socket", () => {
  const cases: [string, number, () => Promise<string>][] = [
    [
      "a body shorter than announced, then gone",
      0,
      () => raw([head(["Content-Length: 50"]), '{"n":'], { hangUp: true }),
    ],
    ["a body longer than announced is cut there", 400, () => raw([head(["Content-Length: 4"]), '{"n":1}'])],
    ["a length that is no number", 400, () => raw([head(["Content-Length: many"]), "{}"])],
    ["two lengths", 400, () => raw([head(["Content-Length: 2", "Content-Length: 3"]), "{}"])],
    [
      "a length and chunks",
      400,
      () => raw([head(["Content-Length: 2", "Transfer-Encoding: chunked"]), "2\r\n{}\r\n0\r\n\r\n"]),
    ],
    ["a length beyond the limit, nothing sent", 413, () => raw([head(["Content-Length: 99999999999"])])],
    [
      "chunks without end beyond the limit",
      413,
      () =>
        raw([
          head(["Transfer-Encoding: chunked"]),
          ...Array.from({ length: 11 }, () => `f4240\r\n${"a".repeat(1_000_000)}\r\n`),
        ]),
    ],
    ["a broken chunk", 400, () => raw([head(["Transfer-Encoding: chunked"]), "zz\r\n{}\r\n"])],
    ["no HTTP at all", 400, () => raw(["\u0016\u0003\u0001 hello\r\n\r\n"])],
    ["a method nobody knows", 400, () => raw(["BREW / HTTP/1.1\r\nHost: x\r\n\r\n"])],
    ["too many headers", 431, () => raw([head([`X-Long: ${"x".repeat(300_000)}`])])],
  ];
  test.each(cases)("%s: %i, and not a word from inside", async (_name, status, act) => {
    const answer = await act();
    if (status === 0) expect(answer).not.toMatch(/ 20\d /);
    else expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).not.toMatch(INSIDE);
  });
});

describe("over HTTP", () => {
  const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
  const bodies: [string, () => string | Buffer, Record<string, string>, number][] = [
    ["nested 100,000 deep", () => nested(100_000), {}, 400],
    ["a list nested 100,000 deep", () => `{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`, {}, 400],
    [
      "2,000 properties",
      () => JSON.stringify(Object.fromEntries(Array.from({ length: 2_000 }, (_, at) => [`p${at}`, at]))),
      {},
      400,
    ],
    ["a gzip bomb", () => gzipSync(Buffer.alloc(200_000_000)), { "content-encoding": "gzip" }, 413],
    ["gzip that is none", () => "plain", { "content-encoding": "gzip" }, 400],
    ["gzip cut short", () => gzipSync('{"n":1}').subarray(0, 12), { "content-encoding": "gzip" }, 400],
    ["bytes that are not UTF-8", () => Buffer.from([0x22, 0xff, 0xfe, 0x22]), {}, 400],
    ["an empty body", () => "", {}, 400],
    ["a number no double holds", () => '{"n":1e999}', {}, 400],
  ];
  test.each(bodies)("%s is refused with its reason", async (_name, body, headers, status) => {
    const response = await fetch(server.demo.url + events(), {
      method: "POST",
      headers: { authorization: server.demo.writeKey, ...headers },
      body: new Uint8Array(Buffer.from(body())),
    });
    const text = await response.text();
    expect([response.status, text]).toEqual([status, expect.stringContaining('"error_code"')]);
    expect(text).not.toMatch(INSIDE);
  });

  test("names of JavaScript's own are ordinary properties, and change nothing for anybody", async () => {
    const body = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"toString":"x","n":1}';
    const { status } = await request(server.demo, inProject(server.demo, "/events/proto"), {
      key: server.demo.writeKey,
      body,
    });
    expect([201, 400]).toContain(status);
    await request(server.demo, inProject(server.demo, "/events/plain"), { key: server.demo.writeKey, body: { n: 1 } });
    await settled(server.demo);
    expect(JSON.stringify(await ask(server.demo, "extraction", { event_collection: "plain" }))).not.toContain(
      "polluted",
    );
  });

  const strange = [
    "/3.0/projects/%/events/x",
    "/3.0/projects/__proto__/queries/count",
    "/assets/..%2f..%2fpackage.json",
    "/assets/%00",
    "//3.0",
    "/3.0/%c0%af",
    "/v1/e/../../3.0/x",
    "/console/nothing",
  ];
  test.each(strange)("%s answers 4xx in JSON to every method", async (path) => {
    for (const method of ["GET", "POST", "PUT", "DELETE", "PATCH"]) {
      const { status, text } = await request(server.demo, path, { method });
      expect(status, `${method} ${text.slice(0, 80)}`).toBeLessThan(500);
      expect(text).not.toMatch(INSIDE);
    }
  });

  test("a URL of 20 KB is answered, not cut", async () => {
    const path = inProject(server.demo, `/queries/count?event_collection=plain&api_key=${"k".repeat(20_000)}`);
    const { status, text } = await request(server.demo, path);
    expect(status).toBe(401);
    expect(text).not.toMatch(INSIDE);
  });

  test("after all of it the server answers, records, and its ledger balances", async () => {
    const { status } = await request(server.demo, inProject(server.demo, "/events/plain"), {
      key: server.demo.writeKey,
      body: { n: 2 },
    });
    expect(status).toBe(201);
    const totals = await settled(server.demo);
    expect(totals.accepted).toBe(totals.stored);
    expect(totals.dead + totals.rejected).toBe(0);
    expect(await ask(server.demo, "count", { event_collection: "plain" })).toBe(2);
  });
});

hostileQuestions(() => server.demo);
