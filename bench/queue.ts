// The embedded queue: durable sends per second by how many wait together, and receive + acknowledge.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEmbeddedQueue } from "@millrace/queue/embedded";
import type { EmbeddedQueue } from "@millrace/queue/embedded";

const SECONDS = 2;
const BODY = "x".repeat(Number(process.argv[2] ?? 1_024));

/** Runs `work` in `concurrency` loops for a fixed time; operations per second. */
async function rate(concurrency: number, work: () => Promise<number>): Promise<number> {
  const start = performance.now();
  const end = start + SECONDS * 1_000;
  let done = 0;
  const loop = async () => {
    while (performance.now() < end) {
      const count = await work();
      done += count;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, loop));
  return done / ((performance.now() - start) / 1_000);
}

async function send(queue: EmbeddedQueue): Promise<number> {
  await queue.send({ body: BODY, group: "p1", accepted: { receivedAt: Date.now(), events: 1 } });
  return 1;
}

async function receive(queue: EmbeddedQueue, max: number): Promise<number> {
  const messages = await queue.receive({ max, visibilityMs: 60_000 });
  await queue.ack(messages.map(({ receipt }) => receipt));
  return messages.length;
}

const folder = await mkdtemp(join(tmpdir(), "millrace-bench-queue-"));
const queue = await createEmbeddedQueue({ path: join(folder, "queue.sqlite") });
const rows: { operation: string; "messages/s": number; "of one at a time": string }[] = [];
let base = 0;
for (const concurrency of [1, 10, 100]) {
  const perSecond = await rate(concurrency, () => send(queue));
  base ||= perSecond;
  const ratio = `${(perSecond / base).toFixed(1)}x`;
  rows.push({
    operation: `send, ${concurrency} at once`,
    "messages/s": Math.round(perSecond),
    "of one at a time": ratio,
  });
}
for (const max of [1, 10, 100]) {
  const perSecond = await rate(1, () => receive(queue, max));
  const ratio = `${(perSecond / base).toFixed(1)}x`;
  rows.push({
    operation: `receive + ack, ${max} at once`,
    "messages/s": Math.round(perSecond),
    "of one at a time": ratio,
  });
}
console.log(`Embedded queue, ${BODY.length} bytes a message, synced before every answer`);
console.table(rows);
await queue.close();
await rm(folder, { recursive: true, force: true });
