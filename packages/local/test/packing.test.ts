import { createHash } from "node:crypto";
import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { inProject, loadId, request, trackerBatch } from "./client.ts";
import { freePort, settled, startServer, temporaryFolder, type ServerProcess } from "./harness.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: ServerProcess;
let cookie: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  server = await startServer(folder.path, await freePort());
  const [link = ""] = /http\S+\/console\/enter\S+/.exec(server.output()) ?? [];
  const entered = await fetch(link, { redirect: "manual" });
  cookie = entered.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  const pages = Array.from({ length: 500 }, (_, n) => ({ page: `/pages/${n}`, n }));
  const { demo } = server;
  await request(demo, inProject(demo, "/events"), { key: demo.writeKey, body: { pages } });
  const body = trackerBatch(demo.writeKey, { load: loadId(Date.now()), sequences: [0] });
  expect((await request(demo, "/v1/e", { body })).status).toBe(202);
  await settled(server.demo);
});
afterAll(async () => {
  await server.stop();
  await folder.remove();
});

/** As bytes came, which `fetch` hides. */
async function asked(path: string, headers: Readonly<Record<string, string>>, method = "GET") {
  const outgoing = httpRequest(server.demo.url + path, { method, headers }).end();
  const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
  return { status: answer.statusCode, headers: answer.headers, bytes: await buffer(answer) };
}

const UNPACK = { br: brotliDecompressSync, gzip: gunzipSync };
const rows = () => inProject(server.demo, "/queries/extraction?event_collection=pages&latest=500");
const csv = () => inProject(server.demo, "/queries/extraction?event_collection=pages&content_type=text/csv");
const reading = () => ({ authorization: server.demo.readKey });

test.each([
  ["rows", rows, reading],
  ["a table as a file", csv, reading],
  ["the document of the API", () => "/openapi.json", () => ({})],
  ["the dashboard's page", () => "/", () => ({ accept: "text/html" })],
  ["another page of it", () => "/explore", () => ({ accept: "text/html" })],
  ["the tracker's script", () => "/t.js", () => ({})],
])("%s is the same text packed and not, with its length", async (_what, path, headers) => {
  const plain = await asked(path(), headers());
  expect([plain.status, plain.headers["content-encoding"]]).toEqual([200, undefined]);
  for (const encoding of ["br", "gzip"] as const) {
    const packed = await asked(path(), { ...headers(), "accept-encoding": encoding });
    expect(packed.headers).toMatchObject({
      "content-encoding": encoding,
      vary: expect.stringMatching(/Accept-Encoding/) as string,
    });
    // One write: the length is known, and nothing is in chunks.
    expect(packed.headers["content-length"]).toBe(String(packed.bytes.length));
    expect(packed.headers["transfer-encoding"]).toBeUndefined();
    expect(packed.headers["content-type"]).toBe(plain.headers["content-type"]);
    expect(UNPACK[encoding](packed.bytes).equals(plain.bytes)).toBe(true);
    expect(packed.bytes.length).toBeLessThan(plain.bytes.length * 0.6);
  }
});

test("what is no text, has no body or is small is sent as it is", async () => {
  const accepting = { ...reading(), "accept-encoding": "br, gzip" };
  const file = await asked(csv().replace("text/csv", "application/vnd.apache.parquet"), accepting);
  expect([file.status, file.headers["content-encoding"], file.bytes.toString("latin1", 0, 4)]).toEqual([
    200,
    undefined,
    "PAR1",
  ]);
  const head = await asked(rows(), accepting, "HEAD");
  // What GET would say, and nothing of it.
  expect([head.status, head.headers["content-encoding"], head.bytes.length]).toEqual([200, "br", 0]);
  const count = await asked(inProject(server.demo, "/queries/count?event_collection=pages"), accepting);
  expect([count.headers["content-encoding"], JSON.parse(count.bytes.toString())]).toMatchObject([
    undefined,
    { result: 500 },
  ]);
  const version = await asked(inProject(server.demo, "/version"), accepting);
  const known = await asked(inProject(server.demo, "/version"), {
    ...accepting,
    "if-none-match": version.headers.etag ?? "",
  });
  expect([known.status, known.headers["content-encoding"], known.bytes.length]).toEqual([304, undefined, 0]);
});

test("readers who hang up while their answer is packed leave nothing behind", async () => {
  const accepting = { ...reading(), "accept-encoding": "br" };
  const expected = UNPACK.br((await asked(rows(), accepting)).bytes);
  const heads = Array.from({ length: 60 }, (_, n) => {
    const outgoing = httpRequest(server.demo.url + rows(), { headers: accepting }).end();
    outgoing.on("error", () => {});
    // Some before it is there, some in its middle.
    if (n % 2 === 0) outgoing.once("response", () => outgoing.destroy());
    else outgoing.once("finish", () => setImmediate(() => outgoing.destroy()));
    return new Promise((resolve) => outgoing.once("close", resolve));
  });
  await Promise.all(heads);
  expect(UNPACK.br((await asked(rows(), accepting)).bytes).equals(expected)).toBe(true);
  expect(server.output()).not.toMatch(/error|unhandled|aborted/i);
});

test("the length of the opening does not tell whether words of the address repeat a token of the session", async () => {
  const ask = (guess: string) =>
    asked(`/console/opening?range=7d&f=${encodeURIComponent(`page:${guess}`)}`, {
      cookie,
      "accept-encoding": "br, gzip",
    });
  const opening = async (guess: string) => {
    // What is not counted in time is left out; and the code that asks comes after the start.
    const { bytes, text } = await vi.waitFor(
      async () => {
        const { headers, bytes } = await ask(guess);
        expect(headers["content-encoding"]).toBe("gzip");
        const text = gunzipSync(bytes).toString();
        // All of them, each of which says the guess again: the same words but for it.
        expect(text.split(guess).length).toBeGreaterThan(8);
        return { bytes, text };
      },
      { timeout: 60_000 },
    );
    return { bytes, text };
  };
  const { csrf } = JSON.parse((await asked("/console/session", { cookie })).bytes.toString()) as { csrf: string };
  const wrong = [1, 2, 3, 4, 5].map((turn) => createHash("sha256").update(`${csrf} ${turn}`).digest("hex"));
  const right = await opening(csrf);
  expect(right.text).toContain(`"csrf":"${csrf}"`);
  // A part that was seen before would be a few bytes where it takes thirty-odd otherwise.
  const lengths = await Promise.all(wrong.map(async (guess) => (await opening(guess)).bytes.length));
  expect(right.bytes.length).toBeGreaterThan(Math.min(...lengths) - 12);
});
