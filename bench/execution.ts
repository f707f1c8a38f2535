// What recording an execution costs per run, against calling the work directly.
import { span } from "@millrace/core";
import { createExecutions, executionLine } from "@millrace/ops";

const RUNS = 50_000;
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

async function measure(name: string, run: () => Promise<unknown>): Promise<void> {
  for (let i = 0; i < RUNS / 5; i++) await run();
  const start = process.hrtime.bigint();
  for (let i = 0; i < RUNS; i++) await run();
  const ns = Number(process.hrtime.bigint() - start) / RUNS;
  console.log(`${name.padEnd(36)}${Math.round(ns).toLocaleString("en").padStart(9)} ns per run`);
}
