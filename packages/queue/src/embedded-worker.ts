// The thread that owns the queue file. Calls that arrive while a commit waits for the disk share the next transaction, so the
// number of syncs follows the disk, not the number of requests. Of core only one small module is imported: the thread starts at once.
import { parentPort, workerData } from "node:worker_threads";
import { createOperations } from "./embedded-operations.ts";
import type { Call, FromWorker, ToWorker, WorkerSettings } from "./embedded-protocol.ts";
import { openQueueFile } from "./embedded-schema.ts";

const port = parentPort;
if (!port) throw new Error("embedded-worker.ts runs as a worker thread.");
const { path, maxReceiveCount, now } = workerData as WorkerSettings;
const reply = (message: FromWorker) => port.postMessage(message);

try {
  const database = openQueueFile(path);
  // This process is the only owner, so whoever held a message is gone: nobody needs to wait for its visibility to end.
  database.prepare("UPDATE message SET visible_at = ? WHERE dead_at IS NULL AND visible_at > ?").run(now, now);
  const run = createOperations(database, maxReceiveCount);
  const waiting: Call[] = [];

  const commit = (calls: readonly Call[]) => {
    try {
      database.exec("BEGIN IMMEDIATE");
      const results = calls.map((call) => ({ id: call.id, result: run(call) }));
      database.exec("COMMIT");
      reply({ kind: "done", results });
    } catch (error) {
      if (database.isTransaction) database.exec("ROLLBACK");
      // One bad call must not fail those that only waited beside it: each gets a transaction of its own.
      if (calls.length > 1) for (const call of calls) commit([call]);
      else reply({ kind: "failed", ids: calls.map(({ id }) => id), message: messageOf(error) });
    }
  };

  port.on("message", (message: ToWorker) => {
    if (message.kind === "calls") {
      // After the messages that arrived with this one: Node hands them over before it comes to immediates.
      if (waiting.length === 0) setImmediate(() => commit(waiting.splice(0)));
      waiting.push(...message.calls);
    } else {
      setImmediate(() => {
        database.close();
        port.close();
      });
    }
  });
  reply({ kind: "ready" });
} catch (error) {
  reply({ kind: "refused", message: messageOf(error) });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
