import type { Collecting } from "@millrace/access";
import type { createCollector } from "@millrace/collector";
import type { Queue } from "@millrace/core";
import { REFRESH_EVERY_MS } from "@millrace/query";
import { createPoller } from "./poller/poller.ts";
import { keepOften, keepStore, startUpkeep } from "./upkeep.ts";

/**
 * What Lambda's event-source mapping has on AWS, scaled to one machine: the newest event is visible after about half a second.
 * A commit costs the same for one event as for a thousand, so small messages are worth waiting for; large ones end a batch by
 * what they unpack to.
 */
const POLLER = { batchSize: 1_000, windowMs: 250, maximumConcurrency: 2, visibilityMs: 180_000 };
/** One batch may take this long before the store stops retrying. */
const COLLECT_MS = 25_000;

type Kept = Parameters<typeof keepStore>[0] & Parameters<typeof keepOften>[0];

interface Work extends Kept {
  readonly queue: Queue;
  readonly collect: ReturnType<typeof createCollector>;
  readonly onFault: (error: unknown) => void;
  readonly collecting: Pick<Collecting, "paused">;
}

interface Working {
  /** Looks at what is due without waiting for its turn. */
  sendSoon(): void;
  stop(): Promise<void>;
}

/** What goes on in the background once there is a store: collecting what is queued, and keeping what is stored. */
export function startWork({ queue, collect, onFault, collecting, ...kept }: Work): Working {
  const poller = createPoller({
    queue,
    handle: (messages, giveBack) => {
      const those = (ids: readonly string[]) => messages.filter(({ id }) => ids.includes(id));
      return collect(messages, {
        deadline: kept.clock.now() + COLLECT_MS,
        finished: (ids) => queue.ack(those(ids).map(({ receipt }) => receipt)),
        later: giveBack,
        bury: (ids) => queue.bury(those(ids)),
      });
    },
    ...POLLER,
    isPaused: async () => (await collecting.paused()) !== undefined,
    onError: onFault,
  });
  const upkeep = startUpkeep(() => keepStore(kept), { onError: onFault });
  const often = startUpkeep((signal) => keepOften(kept, signal), { onError: onFault, everyMs: REFRESH_EVERY_MS });
  return {
    sendSoon: () => often.soon(),
    async stop() {
      await often.stop();
      await upkeep.stop();
      await poller.drain();
    },
  };
}
