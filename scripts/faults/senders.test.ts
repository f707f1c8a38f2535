import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seededRandom } from "../../bench/simulation/random.ts";
import { createBook } from "./reconcile.ts";
import { COLLECTION, createImporter, createTracker, type Sender, type SenderParts } from "./senders.ts";

/** A server that takes what it is sent and says so, except for the second event of each request. */
const server = createServer((request, response) => {
  let text = "";
  request.on("data", (piece: Buffer) => (text += piece.toString()));
  request.on("end", () => {
    const body = JSON.parse(text) as { e?: unknown[]; [COLLECTION]?: unknown[] };
    const refusal = { error_code: "InvalidPropertyNameError", message: "no" };
    if (body.e) {
      const refused = body.e.length > 1 ? [{ index: 1, ...refusal }] : [];
      response.writeHead(202).end(JSON.stringify({ refused }));
      return;
    }
    const answers = (body[COLLECTION] ?? []).map((_, at) =>
      at === 1 ? { success: false, error: refusal } : { success: true },
    );
    response.end(JSON.stringify({ [COLLECTION]: answers }));
  });
});
let base = "";
beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

test.each<[name: string, create: (parts: SenderParts) => Sender]>([
  ["tracker", (parts) => createTracker(parts, 0)],
  ["importer", (parts) => createImporter(parts, () => Date.now())],
])("the %s does not take a yes to a request for a yes to the events that it refuses", async (_name, create) => {
  const book = createBook();
  const tenant = { name: "t", project: "p", writeKey: "w", readKey: "r", masterKey: "m", book };
  const refused: string[] = [];
  const sender = create({ base, tenant, random: seededRandom(3), refused: (reply) => refused.push(reply) });
  await sender.send(500);
  await sender.drain(() => false);
  expect(refused.length).toBeGreaterThan(0);
  expect(book.acknowledged()).toBe(500 - refused.length);
  expect(refused[0]).toContain("InvalidPropertyNameError");
});
