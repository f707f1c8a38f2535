import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, expect, test, vi } from "vitest";
import { openConnection } from "./connection.ts";
import { createDriver } from "./driver.ts";
import { createSearcher } from "./search.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const FOUND = { _shards: { failed: 0 }, hits: { hits: [] } };
const RANGE = { start: 0, end: 10 };

interface Seen {
  readonly request: string;
  readonly body: Record<string, unknown>;
}

/** A server that makes snapshots, and whatever else `answer` says. What it was asked is kept. */
async function serve(answer: (path: string, response: ServerResponse) => boolean = () => false) {
  const seen: Seen[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const path = request.url ?? "";
      const text = Buffer.concat(chunks).toString();
      seen.push({ request: `${request.method} ${path}`, body: text === "" ? {} : JSON.parse(text) });
      response.setHeader("content-type", "application/json");
      if (answer(path, response)) return;
      if (path.includes("_field_caps")) response.end('{"indices":["i1","i2"]}');
      else if (path.includes("point_in_time") && request.method === "POST") response.end('{"pit_id":"P"}');
      else response.end(JSON.stringify(FOUND));
    });
  }).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const driver = createDriver(openConnection({ node: `http://127.0.0.1:${port}` }));
  const asked = (part: string) => seen.filter(({ request }) => request.includes(part));
  const letGo = () =>
    vi.waitFor(() =>
      expect(asked("DELETE /_search/point_in_time").map(({ body }) => body)).toEqual([{ pit_id: ["P"] }]),
    );
  return { driver, seen, asked, letGo };
}

test("a question about the newest state opens nothing", async () => {
  const { driver, seen } = await serve();
  const searcher = createSearcher(driver, { aliases: "a,b", range: RANGE });
  await searcher.search({}, false);
  await searcher.release();
  expect(seen.map(({ request }) => request.replace(/\?.*/, ""))).toEqual(["POST /a,b/_search"]);
});

test("a snapshot is made of the indexes with events in the range, once, and each question renews it for some seconds", async () => {
  const { driver, asked, letGo } = await serve();
  const searcher = createSearcher(driver, { aliases: "a", range: RANGE });
  await searcher.search({}, true);
  await searcher.search({}, true);
  await searcher.release();
  const [caps] = asked("_field_caps");
  expect(caps?.body).toEqual({ index_filter: { range: { timestamp: { gte: 0, lt: 10 } } } });
  expect(asked("POST /i1,i2/_search/point_in_time?keep_alive=20s")).toHaveLength(1);
  expect(asked("POST /_search?").map(({ body }) => body["pit"])).toEqual(Array(2).fill({ id: "P", keep_alive: "20s" }));
  await letGo();
});

test("the time limit is that of the search too, and when it passes the snapshot is let go", async () => {
  const { driver, asked, letGo } = await serve((path) => path.startsWith("/_search?"));
  const searcher = createSearcher(driver, { aliases: "a", range: RANGE }, { timeoutMs: 400 });
  await expect(searcher.search({}, true)).rejects.toMatchObject({ code: "QueryTimeout" });
  await searcher.release();
  expect(Number.parseInt(String(asked("POST /_search?")[0]?.body["timeout"]), 10)).toBeLessThanOrEqual(400);
  await letGo();
});

test("the same question is the same request a moment later: the server remembers answers by their bytes", async () => {
  const { driver, asked } = await serve();
  const searcher = createSearcher(driver, { aliases: "a" }, { timeoutMs: 29_000 });
  await searcher.search({ size: 0 }, false);
  await delay(20);
  await createSearcher(driver, { aliases: "a" }, { timeoutMs: 28_000 }).search({ size: 0 }, false);
  const bodies = asked("POST /a/_search").map(({ body }) => body);
  expect(bodies).toEqual(Array(2).fill({ size: 0, timeout: "30000ms" }));
});

test.each(["the reader goes away", "the time passes"])(
  "while the snapshot is being made %s: nobody waits for it, and it is let go when it is there",
  async (why) => {
    const making = Promise.withResolvers<ServerResponse>();
    const { driver, letGo } = await serve((path, response) => {
      if (!path.includes("point_in_time?keep_alive")) return false;
      making.resolve(response);
      return true;
    });
    const controller = new AbortController();
    const options = why === "the time passes" ? { timeoutMs: 300 } : { signal: controller.signal };
    const searcher = createSearcher(driver, { aliases: "a", range: RANGE }, options);
    const answer = searcher.search({}, true);
    const ended = expect(answer).rejects.toThrow();
    const response = await making.promise;
    controller.abort(new Error("The reader left."));
    await ended;
    await searcher.release();
    response.end('{"pit_id":"P"}');
    await letGo();
  },
);
