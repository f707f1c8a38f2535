import { setTimeout as delay } from "node:timers/promises";
import type { Queue, ReceivedMessage } from "@millrace/core";

export interface GatherOptions {
  readonly queue: Queue;
  readonly batchSize: number;
  readonly batchChars?: number;
  readonly windowMs: number;
  readonly visibilityMs: number;
}

/** How long one receive waits for the first message: also how long a shutdown may have to wait for it. */
const IDLE_WAIT_MS = 1_000;

const LAMBDA_PAYLOAD_CHARS = 6_000_000;
/** Messages asked for at once. Bodies go up to 1 MiB, and only what has come can be weighed. */
const RECEIVE_MAX = 100;
/** Taking each message the moment it comes would cost a write to the queue's file for every single one. */
const LOOK_EVERY_MS = 50;

/**
 * One batch as Lambda's event-source mapping builds it: complete when it is full, by messages or by characters, or when the
 * window that began with its first message is over. Empty when nothing came. `stopped` cuts the window short.
 * @throws what the first `receive` throws; a later failure only ends the window, for what was received must be handled.
 */
export async function gather(options: GatherOptions, stopped: () => boolean): Promise<ReceivedMessage[]> {
  const { queue, batchSize, batchChars = LAMBDA_PAYLOAD_CHARS, windowMs, visibilityMs } = options;
  const receive = (room: number, waitMs: number) =>
    queue.receive({ max: Math.min(room, RECEIVE_MAX), visibilityMs, waitMs });
  const batch = await receive(batchSize, IDLE_WAIT_MS);
  if (batch.length === 0) return batch;

  const isFull = () => batch.length >= batchSize || charsOf(batch) >= batchChars;
  const end = performance.now() + windowMs;
  for (let left = windowMs; left > 0 && !isFull() && !stopped(); left = end - performance.now()) {
    try {
      const more = await receive(batchSize - batch.length, 0);
      batch.push(...more);
      if (more.length === 0) await delay(Math.min(left, LOOK_EVERY_MS));
    } catch {
      break;
    }
  }
  return batch;
}

function charsOf(messages: readonly ReceivedMessage[]): number {
  return messages.reduce((sum, { body }) => sum + body.length, 0);
}
