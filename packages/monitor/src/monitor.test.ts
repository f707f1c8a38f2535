import { createServer, request, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { SQSClient, GetQueueUrlCommand } from "@aws-sdk/client-sqs";
import { expect, onTestFinished, test } from "vitest";
import { executionLine } from "./line.ts";
import { label, metric, monitor } from "./monitor.ts";
import type { ExecutionRecord } from "./record.ts";
import { span } from "./index.ts";

function recorded<Result>(handler: (event: unknown) => Promise<Result>, labels = {}) {
  const records: ExecutionRecord[] = [];
  const wrapped = monitor(handler, { name: "mine", labels, sink: (record) => void records.push(record) });
  return { records, run: (event: unknown = {}, context = {}) => wrapped(event, context) };
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

test("result and error pass unchanged; labels and metrics are in the line", async () => {
  const { records, run } = recorded(
    async (event) => {
      label("order", "new");
      metric("items", 2);
      metric("items", 3);
      return event;
    },
    { team: "billing" },
  );
  const event = { any: "thing" };
  expect(await run(event, { awsRequestId: "lambda-1" })).toBe(event);
  expect(JSON.parse(executionLine(records[0] as ExecutionRecord))).toMatchObject({
    "faas.name": "mine",
    "faas.invocation_id": "lambda-1",
    "millrace.status": "ok",
    "millrace.labels": { team: "billing", order: "new" },
    "millrace.metrics": { items: 5 },
  });
  const error = new Error("mine");
  await expect(recorded(() => Promise.reject(error)).run()).rejects.toBe(error);
});

test("fetch, http and the AWS SDK are spans without a change of code: host and method or the operation, no path, no query", async () => {
  const url = await serverThat((incoming, response) => {
    response.writeHead(incoming.url?.startsWith("/secret") ? 503 : 200).end('{"QueueUrl":"x"}');
  });
  const { host } = new URL(url);
  const { records, run } = recorded(async () => {
    await (await fetch(`${url}/secret/ada?key=SECRET`)).text();
    await new Promise<void>((done) => {
      request(`${url}/plain`, { method: "POST" }, (answer) => answer.resume().once("close", done)).end("x");
    });
    const credentials = { accessKeyId: "none", secretAccessKey: "none" };
    const sqs = new SQSClient({ endpoint: url, region: "us-east-1", credentials });
    await sqs.send(new GetQueueUrlCommand({ QueueName: "orders" }));
    sqs.destroy();
    await fetch("http://127.0.0.1:2/").catch(() => {});
  });
  await run();
  const spans = records[0]?.spans ?? [];
  expect(spans.map(({ name, error }) => [name, error])).toEqual([
    [`GET ${host}`, "503"],
    [`POST ${host}`, undefined],
    ["sqs.GetQueueUrl", undefined],
    ["GET 127.0.0.1:2", "ECONNREFUSED"],
  ]);
  expect(spans[0]?.attributes).toEqual({
    "http.request.method": "GET",
    "server.address": host,
    "http.response.status_code": 503,
  });
  expect(JSON.stringify(spans)).not.toMatch(/secret|ada|SECRET|orders/);
  for (const { durationMs } of spans) expect(durationMs).toBeGreaterThan(0);
});

test("a call inside a named span is that span; calls of another execution at the same time are its own", async () => {
  const url = await serverThat((_incoming, response) => response.end("ok"));
  const call = () => fetch(url).then((answer) => answer.text());
  const named = recorded(() => span("geo.lookup", undefined, call));
  const plain = recorded(call);
  await Promise.all([named.run(), plain.run()]);
  expect(named.records[0]?.spans.map(({ name }) => name)).toEqual(["geo.lookup"]);
  expect(plain.records[0]?.spans.map(({ name }) => name)).toEqual([`GET ${new URL(url).host}`]);
});

test("a run whose time is about to be over is recorded as timed out, with the call that it waits for", async () => {
  let asked = () => {};
  const arrived = new Promise<void>((resolve) => (asked = resolve));
  const url = await serverThat(() => asked());
  const stop = new AbortController();
  const records: ExecutionRecord[] = [];
  const noted = Promise.withResolvers<void>();
  const wrapped = monitor(() => fetch(url, { signal: stop.signal }), {
    sink: (record) => {
      records.push(record);
      noted.resolve();
    },
  });
  const running = wrapped({}, { awsRequestId: "lambda-2", getRemainingTimeInMillis: () => 500 });
  await Promise.all([arrived, noted.promise]);
  expect(records[0]).toMatchObject({ id: "lambda-2", error: { name: "Timeout" } });
  expect(records[0]?.spans).toMatchObject([{ name: `GET ${new URL(url).host}`, error: "unfinished" }]);
  expect(JSON.parse(executionLine(records[0] as ExecutionRecord))["millrace.status"]).toBe("timeout");
  stop.abort();
  await expect(running).rejects.toThrow();
  expect(records).toHaveLength(2);
});

test("an answer of 500 and above is a failure that the client still gets; failed messages of a batch are counted", async () => {
  const http = recorded(async () => ({ statusCode: 502, body: "no" }));
  expect(await http.run()).toEqual({ statusCode: 502, body: "no" });
  expect(http.records[0]).toMatchObject({
    labels: { "http.response.status_code": 502 },
    error: { name: "ServerError", message: "The answer was 502." },
  });
  const batch = recorded(async () => ({ batchItemFailures: [{ itemIdentifier: "a" }] }));
  await batch.run();
  expect(batch.records[0]).toMatchObject({ labels: { "messages.failed": 1 }, error: null });
});
