import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { openConnection } from "./connection.ts";
import { createDriver, NoAnswer } from "./driver.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A server of one answer, and a driver that talks to it. `credentials` go into the address. */
async function talkTo(answer: RequestListener, credentials = "") {
  const server = createServer(answer).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { server, driver: createDriver(openConnection({ node: `http://${credentials}127.0.0.1:${port}` })) };
}

const GET = { method: "GET", path: "/x" } as const;

test("any status is an answer, with its body; only `ask` takes it for a failure", async () => {
  const { driver } = await talkTo((_, response) => {
    response
      .writeHead(404, { "content-type": "application/json" })
      .end('{"error":{"type":"index_not_found_exception"}}');
  });
  expect(await driver.send(GET)).toEqual({ status: 404, body: { error: { type: "index_not_found_exception" } } });
  await expect(driver.ask(GET)).rejects.toThrow();
  await expect(driver.ask(GET, { ignore: [404] })).resolves.toEqual({ error: { type: "index_not_found_exception" } });
});

test("properties named __proto__ come back as properties", async () => {
  const { driver } = await talkTo((_, response) => {
    response.writeHead(200, { "content-type": "application/json" }).end('{"__proto__":{"a":1}}');
  });
  expect(JSON.stringify((await driver.send(GET)).body)).toBe('{"__proto__":{"a":1}}');
});

test("a user in the address is sent as basic auth", async () => {
  const { driver } = await talkTo((request, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ authorization: request.headers.authorization }));
  }, "mill:r%40ce@");
  const expected = `Basic ${Buffer.from("mill:r@ce").toString("base64")}`;
  expect((await driver.send(GET)).body).toEqual({ authorization: expected });
});

test("a caller that gives up gets its own reason, and the server sees the connection close", async () => {
  const closed = Promise.withResolvers<void>();
  const arrived = Promise.withResolvers<void>();
  const { driver } = await talkTo((_, response) => {
    response.on("close", closed.resolve);
    arrived.resolve();
  });
  const controller = new AbortController();
  const answer = driver.send(GET, { signal: controller.signal });
  await arrived.promise;
  const reason = new Error("The reader left.");
  controller.abort(reason);
  await expect(answer).rejects.toBe(reason);
  await closed.promise;
});

test.each([
  ["never comes", () => undefined],
  ["breaks off in the middle", (response: Parameters<RequestListener>[1]) => void response.write('{"half":')],
])("an answer that %s is no answer, in time", async (_, begin) => {
  const { driver } = await talkTo((_request, response) => {
    response.setHeader("content-type", "application/json");
    begin(response);
  });
  const failure = await driver.send(GET, { timeoutMs: 50 }).catch((thrown: unknown) => thrown);
  expect(failure).toBeInstanceOf(NoAnswer);
  expect(failure).toMatchObject({ timedOut: true });
});

test("a server that is not there is no answer, not a time limit", async () => {
  const { server, driver } = await talkTo(() => undefined);
  server.close();
  await once(server, "close");
  await expect(driver.send(GET)).rejects.toMatchObject({ name: "NoAnswer", timedOut: false });
  await expect(driver.ask(GET)).rejects.toMatchObject({ code: "ServiceUnavailable" });
});
