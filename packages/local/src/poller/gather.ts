import type { Queue, ReceivedMessage } from "@millrace/core";

export interface GatherOptions {
  readonly queue: Queue;
  readonly batchSize: number;
  readonly windowMs: number;
  readonly visibilityMs: number;
}

/** How long one receive waits for the first message: also how long a shutdown may have to wait for it. */
const IDLE_WAIT_MS = 1_000;

/**
 * One batch as Lambda's event-source mapping builds it: complete when it is full, or when the window that began with its first
 * message is over. Empty when nothing came. `stopped` cuts the window short.
 * @throws what the first `receive` throws; a later failure only ends the window, for what was received must be handled.
 */
export async function gather(options: GatherOptions, stopped: () => boolean): Promise<ReceivedMessage[]> {
  const { queue, batchSize, windowMs, visibilityMs } = options;
  const batch = await queue.receive({ max: batchSize, visibilityMs, waitMs: IDLE_WAIT_MS });
  if (batch.length === 0) return batch;

  const end = performance.now() + windowMs;
  for (let left = windowMs; left > 0 && batch.length < batchSize && !stopped(); left = end - performance.now()) {
    const waitMs = Math.min(left, IDLE_WAIT_MS);
    try {
      batch.push(...(await queue.receive({ max: batchSize - batch.length, visibilityMs, waitMs })));
    } catch {
      break;
    }
  }
  return batch;
}
