import { createLocalServer, readConfig, type LocalServer } from "@millrace/local";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, expect, expectTypeOf, test, vi } from "vitest";
import { createClient } from "@millrace/client";
import { createRecorder, type Lost, type Recorder } from "@millrace/client/server";

// The recorder against the whole product, through a door that can be shut, and in processes of its own that are told to end.

let folder: string;
let server: LocalServer;
let door: Server;
let doorUrl: string;
/** What the door does with the next requests: hand on, hand on and lose the answer, or answer this status. */
let turns: ("pass" | "lose" | number)[] = [];
let requests = 0;
let collection = "";
let made = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "millrace-recorder-"));
  server = await createLocalServer({ ...readConfig({}), port: 0, dataFolder: folder });
  door = createServer((request, response) => {
    requests++;
    const turn = turns.shift() ?? "pass";
    void Array.fromAsync(request as AsyncIterable<Buffer>).then(async (chunks) => {
      if (typeof turn === "number") return void response.writeHead(turn, { "retry-after": "0" }).end("{}");
      const answer = await fetch(server.demo.url + request.url, {
        method: "POST",
        headers: { authorization: String(request.headers.authorization) },
        body: Buffer.concat(chunks),
      });
      const text = await answer.text();
      if (turn === "lose") return void response.destroy();
      response.writeHead(answer.status).end(text);
    });
  }).listen(0, "127.0.0.1");
  await once(door, "listening");
  doorUrl = `http://127.0.0.1:${(door.address() as AddressInfo).port}`;
});
afterAll(async () => {
  door.close();
  await server.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  turns = [];
  requests = 0;
  collection = `orders_${made++}`;
});

function recorder(options: Partial<Parameters<typeof createRecorder>[0]> = {}): { made: Recorder; lost: Lost[] } {
  const lost: Lost[] = [];
  const { project: projectId, writeKey } = server.demo;
  const onLost = (each: Lost): void => void lost.push(each);
  return {
    made: createRecorder({
      url: doorUrl,
      projectId,
      writeKey,
      onLost,
      onRetry: () => {},
      flushOnExit: false,
      ...options,
    }),
    lost,
  };
}

async function stored(name: string): Promise<unknown> {
  const { url, project: projectId, readKey } = server.demo;
  const parameters = { event_collection: name, target_property: "n" };
  return (
    await createClient({ url, projectId, readKey })
      .query("select_unique", parameters)
      .catch(() => ({ result: [] }))
  ).result;
}
const range = (count: number) => Array.from({ length: count }, (_, n) => n);
const untilStored = (count: number, name = collection) =>
  vi.waitFor(async () => expect(await stored(name)).toHaveLength(count), { timeout: 60_000 });

async function countOf(name: string): Promise<number> {
  const { url, project: projectId, readKey } = server.demo;
  return (await createClient({ url, projectId, readKey }).query("count", { event_collection: name })).result;
}

test("events go together, and flush waits for the server's word", async () => {
  const { made: sdk, lost } = recorder();
  for (const n of range(250)) sdk.record(collection, { n });
  await sdk.flush();
  expect(requests).toBe(3);
  await untilStored(250);
  expect(lost).toEqual([]);
});

test("a server that is busy, and answers that are lost: all of it is stored, once", async () => {
  turns = [503, "lose", 429, "lose", "pass"];
  const { made: sdk, lost } = recorder();
  for (const n of range(120)) sdk.record(collection, { n });
  await sdk.flush();
  await untilStored(120);
  expect(await countOf(collection)).toBe(120);
  expect(lost).toEqual([]);
});

test("a full batch and a patient one leave by themselves", async () => {
  const { made: sdk } = recorder({ waitMs: 50 });
  for (const n of range(101)) sdk.record(collection, { n });
  await untilStored(101);
});

test("a proxy that takes less than we send gets halves", async () => {
  turns = [413, 413, "pass"];
  const { made: sdk, lost } = recorder();
  for (const n of range(8)) sdk.record(collection, { n });
  await sdk.flush();
  await untilStored(8);
  expect(lost).toEqual([]);
});

test("what the server refuses is told of by name, and harms no other", async () => {
  const { made: sdk, lost } = recorder();
  sdk.record(collection, { n: 1 });
  sdk.record(collection, { "a.b": 1 });
  await sdk.flush();
  expect(lost).toMatchObject([{ reason: "refused", collection, error: { code: "InvalidPropertyNameError" } }]);
  await untilStored(1);
  const { made: stranger, lost: refused } = recorder({ writeKey: "nobody's" });
  stranger.record(collection, { n: 2 });
  await stranger.flush();
  expect(refused).toMatchObject([{ reason: "refused", error: { status: 401 } }]);
});

test("what waits is bounded; what finds no room, or comes after the end, is told of", async () => {
  const { made: sdk, lost } = recorder({ limitBytes: 2_000, exitMs: 50 });
  turns = Array.from({ length: 100 }, () => 503);
  for (const n of range(30)) sdk.record(collection, { n });
  const full = lost.length;
  expect(full).toBeGreaterThan(0);
  await sdk.close();
  sdk.record(collection, { n: 99 });
  expect(lost.slice(full)).toEqual([
    { reason: "exit", events: 30 - full },
    { reason: "exit", events: 1 },
  ]);
});

test("events are checked by the program's own map of them", () => {
  interface Shop {
    orders: { amount: number };
    logins: object;
  }
  expectTypeOf<Parameters<Recorder<Shop>["record"]>[0]>().toEqualTypeOf<"orders" | "logins">();
  const { made: sdk } = recorder();
  const shop: Pick<Recorder<Shop>, "record"> = sdk;
  // @ts-expect-error An amount is a number.
  expect(() => shop.record("orders", { amount: 1n })).toThrow(TypeError);
});

/** Runs recorder-child.ts until it has recorded. */
async function program(count: number, manner = "") {
  const { project, writeKey } = server.demo;
  const file = fileURLToPath(new URL("recorder-child.ts", import.meta.url));
  const args = ["--disable-warning=ExperimentalWarning", file, doorUrl, project, writeKey, String(count), manner];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const exit = once(child, "exit") as Promise<[code: number | null, signal: string | null]>;
  await Promise.race([once(child.stdout, "data"), exit]);
  return { child, exit, errors: () => errors };
}

test("the example of the documentation runs as it stands there", async () => {
  const page = await readFile(new URL("../../../docs/server-sdk.md", import.meta.url), "utf8");
  const code = /```ts\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
  const { url, project, writeKey } = server.demo;
  const env = { ...process.env, MILLRACE_URL: url, MILLRACE_PROJECT: project, MILLRACE_WRITE_KEY: writeKey };
  const args = ["--disable-warning=ExperimentalWarning", "--input-type=module-typescript", "--eval", code];
  const cwd = fileURLToPath(new URL("..", import.meta.url));
  const [exit] = await once(
    spawn(process.execPath, args, { cwd, env, stdio: ["ignore", "inherit", "inherit"] }),
    "exit",
  );
  expect(exit).toBe(0);
  await vi.waitFor(async () => expect([await countOf("signups"), await countOf("purchases")]).toEqual([1, 1]), {
    timeout: 60_000,
  });
});

test("SIGTERM: everything recorded is sent, then the process ends by the signal", async () => {
  turns = [503, "pass"];
  const before = await countOf("orders").catch(() => 0);
  const { child, exit, errors } = await program(60);
  child.kill("SIGTERM");
  expect(await exit).toEqual([null, "SIGTERM"]);
  expect(errors()).not.toContain("not recorded");
  await vi.waitFor(async () => expect(await countOf("orders")).toBe(before + 60), { timeout: 60_000 });
});

test("a program with a handler of its own ends as it likes, and close() waits for the last event", async () => {
  const before = await countOf("orders").catch(() => 0);
  const { child, exit } = await program(10, "own-handler");
  child.kill("SIGTERM");
  expect(await exit).toEqual([7, null]);
  await vi.waitFor(async () => expect(await countOf("orders")).toBe(before + 11), { timeout: 60_000 });
});

test("a program that is done sends what waits; one whose server is away ends all the same, and says what was lost", async () => {
  const before = await countOf("orders").catch(() => 0);
  const { exit } = await program(5, "done");
  expect(await exit).toEqual([0, null]);
  await vi.waitFor(async () => expect(await countOf("orders")).toBe(before + 5), { timeout: 60_000 });

  turns = Array.from({ length: 100 }, () => 503);
  const away = await program(5, "silent");
  expect(await away.exit).toEqual([0, null]);
  expect(away.errors()).toContain("not recorded: 5 events (exit)");
});
