import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import type { Executions } from "@millrace/core";
import { executionLine, label, monitor, type ExecutionRecord, type InvocationContext } from "@millrace/monitor";
import { createDuckDbExecutions } from "@millrace/store-duckdb";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { createForwarder } from "../src/executions/forward.ts";
import { readSearch } from "../src/http/search.ts";

// What goes wrong in functions, put in on purpose, each among ordinary runs: found by one search, through the log.

const MB = 1024 * 1024;
let executions: Executions;
let lines: string[];
beforeEach(async () => {
  executions = await createDuckDbExecutions({ path: ":memory:" });
  lines = [];
});
afterEach(() => executions.close());

/** A function as on Lambda: its standard output is the log. */
function deployed<Result>(name: string, work: () => Promise<Result>) {
  const sink = (record: ExecutionRecord) => void lines.push(executionLine(record));
  const handler = monitor(work, { name, sink });
  return (id: string, context: InvocationContext = {}) => handler({}, { awsRequestId: id, ...context });
}

/** The ids that a search finds, as an operator types it. */
async function found(parameters: Readonly<Record<string, string>>): Promise<string[]> {
  const at = Date.now();
  await createForwarder(executions)(lines.map((text) => ({ text, at, function: "orders" })));
  const { search, order, limit } = readSearch(parameters, at + 1);
  return (await executions.find(search, order, limit)).map(({ id }) => id);
}

async function ordinary(): Promise<void> {
  const run = deployed("orders", async () => {});
  for (let i = 0; i < 20; i++) await run(`ordinary-${i}`);
}

async function serverThat(answers: RequestListener): Promise<string> {
  const server = createServer(answers);
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("a leak: what holds more and more memory", async () => {
  await ordinary();
  const before = process.memoryUsage.rss();
  const held: Buffer[] = [];
  // Of all processes of a test run this one alone grows by so much.
  await deployed("leaky", async () => void held.push(Buffer.alloc(300 * MB, 1)))("leak");
  expect(await found({ min_memory: String(before + 200 * MB) })).toEqual(["leak"]);
  expect(held).toHaveLength(1);
});

test("a slow dependency: the slowest run, and its span says which call it waited for", async () => {
  await ordinary();
  const url = await serverThat((_request, response) => setTimeout(() => response.end("late"), 300));
  await deployed("orders", () => fetch(url).then((answer) => answer.text()))("slow");
  const [slowest = ""] = await found({ order: "slowest", limit: "1" });
  expect(slowest).toBe("slow");
  const record = JSON.parse((await executions.get(slowest))?.line ?? "{}") as {
    "millrace.spans": { name: string; durationMs: number }[];
  };
  expect(record["millrace.spans"]).toMatchObject([{ name: `GET ${new URL(url).host}` }]);
});

test("a poison message: by the label of who met it", async () => {
  await ordinary();
  await deployed("collector", async () => label("messages.unreadable", 1))("poisoned");
  expect(await found({ label: "messages.unreadable=1" })).toEqual(["poisoned"]);
});

test("a timeout: the run that the platform ended, whether it could still say so or not", async () => {
  await ordinary();
  const noted = Promise.withResolvers<void>();
  const ends = serverThat(() => {});
  const never = monitor(async () => fetch(await ends), {
    name: "orders",
    sink: (record) => {
      lines.push(executionLine(record));
      noted.resolve();
    },
  });
  void never({}, { awsRequestId: "waited", getRemainingTimeInMillis: () => 200 }).catch(() => {});
  await noted.promise;
  const metrics = { durationMs: 200, memorySizeMB: 512, maxMemoryUsedMB: 90 };
  for (const requestId of ["waited", "silent"])
    lines.push(JSON.stringify({ type: "platform.report", record: { requestId, status: "timeout", metrics } }));
  expect((await found({ status: "timeout" })).sort()).toEqual(["silent", "waited"]);
  expect((await executions.get("waited"))?.line).toContain("unfinished");
});

test("an error that is thrown: all of its kind by one fingerprint", async () => {
  await ordinary();
  let order = 100;
  const run = deployed("orders", () => Promise.reject(new RangeError(`Order ${++order} has no price`)));
  for (const id of ["first", "second"]) await expect(run(id)).rejects.toThrow("no price");
  await expect(deployed("orders", () => Promise.reject(new TypeError("else")))("other")).rejects.toThrow("else");
  expect((await found({ status: "any-failure" })).sort()).toEqual(["first", "other", "second"]);
  const fingerprint = (await executions.get("first"))?.fingerprint ?? "";
  expect((await found({ fingerprint })).sort()).toEqual(["first", "second"]);
});
