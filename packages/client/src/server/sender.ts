import type { MillraceClientError } from "../error.ts";
import { deliver, type Recipient, type Refused } from "./deliver.ts";
import type { WaitingEvents } from "./queue.ts";

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 60_000;

export interface Sender {
  /** Begins to send, unless that goes on already. */
  start(): void;
  /** Resolves when nothing waits any more. A wait before the next attempt ends at once. */
  drain(): Promise<void>;
  /** Ends the attempt or the wait that goes on, for good. */
  stop(): void;
}

export interface SenderEvents {
  readonly onRefused: (refused: Refused) => void;
  readonly onRetry: (error: MillraceClientError, failures: number) => void;
}

/** Sends what waits, a batch at a time, oldest first, and each again until the server has spoken about it. */
export function createSender(to: Recipient, waiting: WaitingEvents, { onRefused, onRetry }: SenderEvents): Sender {
  const stopped = new AbortController();
  let running: Promise<void> | undefined;
  let failures = 0;
  let wake = (): void => {};

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const run = async (): Promise<void> => {
    while (waiting.size > 0 && !stopped.signal.aborted) {
      const batch = waiting.batch();
      const delivery = await deliver(to, batch, stopped.signal);
      if (stopped.signal.aborted) return;
      if (delivery.kind === "settled") {
        failures = 0;
        waiting.remove(batch.length);
        for (const refused of delivery.refused) onRefused(refused);
        continue;
      }
      onRetry(delivery.error, ++failures);
      await pause(Math.max(delivery.afterMs ?? 0, waitAfter(failures)));
    }
  };
  const start = (): Promise<void> => (running ??= run().finally(() => (running = undefined)));
  return {
    start: () => void start(),
    drain() {
      failures = 0;
      wake();
      return start();
    },
    stop() {
      stopped.abort();
      wake();
    },
  };
}

/** Up to twice as long as before, by chance: servers that failed together do not come back together. */
function waitAfter(failures: number): number {
  return Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), LONGEST_RETRY_MS) * (0.5 + Math.random() / 2);
}
