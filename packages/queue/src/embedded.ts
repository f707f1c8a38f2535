import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { hourOf, span } from "@millrace/core";
import type { AcceptedRow, Clock, Queue } from "@millrace/core";
import type { DeadLetter, DeadLetterFilter } from "./embedded-protocol.ts";
import { createBell } from "./bell.ts";
import { startWorker } from "./worker-client.ts";

export type { DeadLetter, DeadLetterFilter } from "./embedded-protocol.ts";

export interface EmbeddedQueueOptions {
  /** The file, such as `.millrace/queue.sqlite`; its folder is created. SQLite keeps a `-wal` file beside it. */
  readonly path: string;
  /** Default: the system's clock. */
  readonly clock?: Clock;
  /** Deliveries before a message is dead. Default 100: it guards only against our own crashes. */
  readonly maxReceiveCount?: number;
}

/** The queue of the one-machine runtime: the port, and what the ledger and operations need beside it. */
export interface EmbeddedQueue extends Queue {
  /** Events sent for a project by hour of `receivedAt`, for hours that start in [from, to). */
  accepted(project: string, from: number, to: number): Promise<AcceptedRow[]>;
  /** Events in dead messages of a project by hour of `receivedAt`, for hours that start in [from, to). */
  deadEvents(project: string, from: number, to: number): Promise<AcceptedRow[]>;
  /** Dead messages, oldest first; a page of `limit`. */
  deadLetters(filter?: DeadLetterFilter): Promise<DeadLetter[]>;
  /** Puts dead messages back with a receive count of zero; how many. */
  redrive(filter?: Omit<DeadLetterFilter, "limit">): Promise<number>;
}

/**
 * Opens the durable queue in one SQLite file. A `send` resolves after its commit was synced to the disk, so an acknowledged
 * message survives a kill and a power cut; sends that wait together share one sync.
 * @throws Error that says what is wrong with the file: in use by another process, damaged, not writable.
 */
export async function createEmbeddedQueue(options: EmbeddedQueueOptions): Promise<EmbeddedQueue> {
  const { path, clock = { now: Date.now }, maxReceiveCount = 100 } = options;
  await mkdir(dirname(path), { recursive: true });
  const worker = await startWorker({ path, maxReceiveCount, now: clock.now() });
  let isClosed = false;
  const waiting = createBell();

  return {
    async send({ group, body, accepted: { receivedAt, events } }) {
      const args = { group, body, hour: hourOf(receivedAt), events, now: clock.now() };
      await span("queue.send", { "messaging.message.body.size": body.length }, () => worker.call("send", args));
      waiting.ring();
    },
    async receive({ max, maxBytes, visibilityMs, waitMs = 0, except = [] }) {
      const deadline = performance.now() + waitMs;
      while (!isClosed) {
        const rung = waiting.count();
        const now = clock.now();
        const { messages, nextVisibleAt } = await worker.call("receive", {
          max,
          maxBytes,
          except,
          visibilityMs,
          now,
        });
        const remaining = deadline - performance.now();
        if (messages.length > 0 || remaining <= 0) return [...messages];
        await waiting.next(rung, nextVisibleAt === null ? remaining : Math.min(remaining, nextVisibleAt - now));
      }
      return [];
    },
    async ack(receipts) {
      await span("queue.ack", { "messaging.batch.message_count": receipts.length }, () =>
        worker.call("ack", { receipts }),
      );
    },
    async nack(receipts, delayMs) {
      await worker.call("setVisible", { receipts, visibleAt: clock.now() + delayMs });
      waiting.ring();
    },
    extend: (receipts, visibilityMs) => worker.call("setVisible", { receipts, visibleAt: clock.now() + visibilityMs }),
    bury: (messages) => worker.call("bury", { receipts: messages.map(({ receipt }) => receipt), now: clock.now() }),
    stats: () => worker.call("stats", { now: clock.now() }),
    accepted: (group, from, to) => worker.call("accepted", { group, from, to }),
    deadEvents: (group, from, to) => worker.call("deadEvents", { group, from, to }),
    deadLetters: (filter = {}) => worker.call("deadLetters", filter),
    async redrive(filter = {}) {
      const count = await worker.call("redrive", { filter, now: clock.now() });
      waiting.ring();
      return count;
    },
    async close() {
      isClosed = true;
      waiting.ring();
      await worker.close();
    },
  };
}
