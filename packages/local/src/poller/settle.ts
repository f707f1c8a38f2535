import type { Queue, ReceivedMessage } from "@millrace/core";
import { backOffMs } from "./back-off.ts";

/** What a handler says about its batch: the ids of the messages that must come again. */
export interface BatchResponse {
  readonly failed: readonly string[];
}

interface Settling {
  /** Longest delay, milliseconds. */
  readonly limitMs: number;
  /** Ids of failed messages that are in the queue again already. */
  readonly givenBack: ReadonlySet<string>;
}

/**
 * Acknowledges what did not fail and gives back what did, later with every delivery (1 s, 2 s, 4 s … `limitMs`).
 * @throws Error when the response names a message that is not in the batch. Nothing is acknowledged then: a handler that is
 * wrong about one id may be wrong about all, and Lambda retries the whole batch for the same reason.
 */
export async function settle(
  queue: Queue,
  batch: readonly ReceivedMessage[],
  response: BatchResponse,
  { limitMs, givenBack }: Settling,
): Promise<void> {
  const known = new Set(batch.map(({ id }) => id));
  const failed = new Set(response.failed);
  const unknown = response.failed.filter((id) => !known.has(id));
  if (unknown.length > 0) {
    throw new Error(`The handler reported messages that are not in its batch: ${unknown.slice(0, 5).join(", ")}`);
  }
  const done = batch.filter(({ id }) => !failed.has(id));
  if (done.length > 0) await queue.ack(done.map(({ receipt }) => receipt));

  const byDelay = Map.groupBy(
    batch.filter(({ id }) => failed.has(id) && !givenBack.has(id)),
    ({ receiveCount }) => backOffMs(receiveCount, limitMs),
  );
  for (const [delayMs, messages] of byDelay)
    await queue.nack(
      messages.map(({ receipt }) => receipt),
      delayMs,
    );
}
