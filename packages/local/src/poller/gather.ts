import { setTimeout as delay } from "node:timers/promises";
import { messageWeight, type Queue, type ReceivedMessage } from "@millrace/core";

export interface GatherOptions {
  readonly queue: Queue;
  readonly batchSize: number;
  readonly batchBytes?: number;
  readonly windowMs: number;
  readonly visibilityMs: number;
  /** Projects of which nothing is wanted now. */
  readonly except?: readonly string[];
}

/** How long one receive waits for the first message: also how long a shutdown may have to wait for it. */
const IDLE_WAIT_MS = 1_000;

/** Messages asked for at once, and what they may unpack to. */
const RECEIVE_MAX = 100;
const BATCH_BYTES = 16_000_000;
/** Taking each message the moment it comes would cost a write to the queue's file for every single one. */
const LOOK_EVERY_MS = 50;

/**
 * One batch as Lambda's event-source mapping builds it: complete when it is full, by messages or by what they unpack to, or
 * when the window that began with its first message is over. Empty when nothing came. `stopped` cuts the window short.
 * @throws what the first `receive` throws; a later failure only ends the window, for what was received must be handled.
 */
export async function gather(options: GatherOptions, stopped: () => boolean): Promise<ReceivedMessage[]> {
  const { queue, batchSize, batchBytes = BATCH_BYTES, windowMs, visibilityMs, except = [] } = options;
  let weight = 0;
  const batch: ReceivedMessage[] = [];
  const receive = async (waitMs: number) => {
    const max = Math.min(batchSize - batch.length, RECEIVE_MAX);
    const messages = await queue.receive({ max, maxBytes: batchBytes - weight, visibilityMs, waitMs, except });
    for (const message of messages) weight += messageWeight(message.body);
    batch.push(...messages);
    return messages.length;
  };
  if ((await receive(IDLE_WAIT_MS)) === 0) return batch;

  const isFull = () => batch.length >= batchSize || weight >= batchBytes;
  const end = performance.now() + windowMs;
  for (let left = windowMs; left > 0 && !isFull() && !stopped(); left = end - performance.now()) {
    try {
      if ((await receive(0)) === 0) await delay(Math.min(left, LOOK_EVERY_MS));
    } catch {
      break;
    }
  }
  return batch;
}
