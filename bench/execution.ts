// What recording an execution costs per run, against calling the work directly.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createExecutions, executionLine, monitor, span } from "@millrace/monitor";

const RUNS = 50_000;
const CALLS = 5_000;
const source = { kind: "schedule", name: "bench" } as const;

let ids = 0;
const options = { function: "bench", clock: { now: () => Date.now() }, newId: () => `id-${++ids}` };
const silent = createExecutions({ ...options, sink: () => {} });
const lines = createExecutions({ ...options, sink: (record) => void executionLine(record) });

const work = async () => 1;
const spans = () => span("sqs.send", { bytes: 100 }, work);

await measure("bare work", work);
await measure("in an execution, no sink", () => silent.run(source, work));
await measure("in an execution, record as JSON", () => lines.run(source, work));
await measure("the same with one span", () => lines.run(source, spans));

// Around a whole handler, as on Lambda: the event is read, the end of its time is watched.
const event = { Records: [{ eventSourceARN: "arn:aws:sqs:us-east-1:1:orders", attributes: { SentTimestamp: "1" } }] };
const context = { awsRequestId: "lambda-1", getRemainingTimeInMillis: () => 30_000 };
const monitored = monitor(work, { name: "bench", sink: (record) => void executionLine(record) });
await measure("a monitored handler", () => monitored(event, context));

// Against the loopback, where a call takes the least it can; the difference is what watching costs one call.
const server = createServer((_request, response) => response.end("ok"));
await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const call = () => fetch(url).then((answer) => answer.text());
const calling = monitor(call, { name: "bench", sink: (record) => void executionLine(record) });
await measure("fetch", call, CALLS);
await measure("fetch in a monitored handler", () => calling(event, context), CALLS);
server.closeAllConnections();
server.close();

async function measure(name: string, run: () => Promise<unknown>, runs = RUNS): Promise<void> {
  for (let i = 0; i < runs / 5; i++) await run();
  const start = process.hrtime.bigint();
  for (let i = 0; i < runs; i++) await run();
  const ns = Number(process.hrtime.bigint() - start) / runs;
  console.log(`${name.padEnd(36)}${Math.round(ns).toLocaleString("en").padStart(9)} ns per run`);
}
