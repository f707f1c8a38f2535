import { Worker } from "node:worker_threads";
import { MillraceError } from "@millrace/core";
import type { Call, FromWorker, OperationName, Operations, ToWorker, WorkerSettings } from "./embedded-protocol.ts";

/** Calls operations in the worker thread. */
export interface WorkerClient {
  /** @throws MillraceError `ServiceUnavailable` when the file refuses the operation or the worker is gone. */
  call<Name extends OperationName>(name: Name, args: Operations[Name]["args"]): Promise<Operations[Name]["result"]>;
  /** Finishes what was called and closes the file. */
  close(): Promise<void>;
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/**
 * Calls made in one turn of the event loop travel together, for a message between threads costs more than a small call. In a long
 * turn (large requests) they are not held back further: the disk should work while this thread does.
 */
const HOLD_MS = 1;

/** @throws Error with the reason when the queue file cannot be used. */
export async function startWorker(settings: WorkerSettings): Promise<WorkerClient> {
  const worker = new Worker(new URL("./embedded-worker.ts", import.meta.url), { workerData: settings });
  const waiting = new Map<number, Waiting>();
  const started = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  let lastId = 0;
  let gone: string | undefined;

  const settle = (id: number, how: (call: Waiting) => void) => {
    const call = waiting.get(id);
    waiting.delete(id);
    if (call) how(call);
  };
  const end = (reason: string) => {
    gone ??= reason;
    const error = unavailable(gone);
    started.reject(error);
    for (const id of waiting.keys()) settle(id, (call) => call.reject(error));
    ended.resolve();
  };
  worker.on("message", (message: FromWorker) => {
    switch (message.kind) {
      case "ready":
        return started.resolve();
      case "refused":
        return started.reject(new Error(message.message));
      case "done":
        for (const { id, result } of message.results) settle(id, (call) => call.resolve(result));
        return;
      case "failed":
        for (const id of message.ids) settle(id, (call) => call.reject(unavailable(message.message)));
        return;
      default:
        return message satisfies never;
    }
  });
  worker.on("error", (error) => end(`The queue's worker failed: ${error.message}`));
  worker.on("exit", () => end("The queue is closed."));

  try {
    await started.promise;
  } catch (error) {
    await worker.terminate();
    throw error;
  }
  const post = (message: ToWorker) => worker.postMessage(message);
  const outbox: Call[] = [];
  let heldSince = 0;
  const flush = () => {
    if (outbox.length > 0) post({ kind: "calls", calls: outbox.splice(0) });
  };
  return {
    call(name, args) {
      if (gone !== undefined) return Promise.reject(unavailable(gone));
      const id = ++lastId;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve: (result) => resolve(result as never), reject });
        if (outbox.push({ id, name, args } as Call) === 1) {
          heldSince = performance.now();
          setImmediate(flush);
        } else if (performance.now() - heldSince > HOLD_MS) {
          flush();
        }
      });
    },
    async close() {
      flush();
      if (gone === undefined) post({ kind: "close" });
      gone ??= "The queue is closed.";
      await ended.promise;
    },
  };
}

function unavailable(reason: string): MillraceError {
  return new MillraceError("ServiceUnavailable", "The queue cannot take or give messages now.", {
    cause: new Error(reason),
    context: { reason },
  });
}
