import { setTimeout as delay } from "node:timers/promises";
import type { Random } from "../../bench/simulation/random.ts";
import { createImporter, createTracker, type Sender, type SenderParts } from "./senders.ts";
import type { Tenant } from "./tenants.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Clocks as visitors have them: right, a zone wrong, a day wrong, a year wrong. */
const SKEWS_MS = [0, 40_000, -26 * HOUR_MS, 14 * HOUR_MS, 3 * DAY_MS, -400 * DAY_MS, 365 * DAY_MS];

export interface Fleet {
  /** Sends at the given rate until `isOver`. */
  run(rate: number, isOver: () => boolean): Promise<void>;
  /** Sends until every event that was made is acknowledged. */
  drain(isOver: () => boolean): Promise<void>;
}

/** Two trackers and an importer for each project: the clients that give their events ids. */
export function createFleet(
  tenants: readonly Tenant[],
  random: Random,
  parts: Pick<SenderParts, "base" | "refused">,
): Fleet {
  const senders: Sender[] = tenants.flatMap((tenant, index) => {
    const own = { ...parts, tenant, random };
    const skew = (at: number) => SKEWS_MS[(index * 2 + at) % SKEWS_MS.length] ?? 0;
    const start = Date.now();
    return [
      createTracker(own, skew(0)),
      createTracker(own, skew(1)),
      // Most of an import is of the last two months, some older than any partition.
      createImporter(own, (number) => start - (number % 10 === 0 ? 2_000 : number % 60) * DAY_MS + (number % HOUR_MS)),
    ];
  });
  return {
    async run(rate, isOver) {
      const perSender = rate / senders.length;
      await Promise.all(
        senders.map(async (sender) => {
          let made = 0;
          const began = performance.now();
          while (!isOver()) {
            const due = Math.floor((perSender * (performance.now() - began)) / 1_000) - made;
            // After a fault a client has a backlog, not all at once what it would have made meanwhile.
            const count = Math.min(due, Math.ceil(perSender));
            made += due;
            await sender.send(Math.max(0, count));
            await delay(100 + random.uniform() * 400);
          }
        }),
      );
    },
    async drain(isOver) {
      await Promise.all(senders.map((sender) => sender.drain(isOver)));
    },
  };
}
