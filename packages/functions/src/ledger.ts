import { settledUntil } from "@millrace/collector";
import type { ArrivalsSource, EventSource, Queue, QueueStats, Registry } from "@millrace/core";
import { createLedger, type Ledger } from "@millrace/ops";
import type { DeadCounts } from "./dead-letters/dead-counts.ts";
import type { Counters } from "./registry/counters.ts";
import { turnedAwayReader } from "./turned-away/turned-away.ts";

export interface LedgerParts {
  readonly store: Pick<EventSource, "outcomes"> & ArrivalsSource;
  readonly counters: Pick<Counters, "accepted" | "arrivals" | "refused">;
  readonly dead: Pick<DeadCounts, "read">;
  readonly registry: Registry;
}

/** The ledger of this stage, for whoever asks and for the one who checks it. */
export function openLedger({ store, counters, dead, registry }: LedgerParts): Ledger {
  return createLedger({
    outcomes: (...query) => store.outcomes(...query),
    arrivals: async (query, run) => (await Promise.all([store.arrivals(query, run), counters.arrivals(query)])).flat(),
    accepted: (...hours) => counters.accepted(...hours),
    dead: (...hours) => dead.read(...hours),
    refused: (...hours) => counters.refused(...hours),
    turnedAway: turnedAwayReader(registry, (from, to) => counters.refused(undefined, from, to)),
  });
}

/** Older than anything that a queue keeps: where nobody knows how old the oldest message is, no hour is judged that may have one. */
const TWO_WEEKS_MS = 14 * 24 * 3_600_000;

/** What a queue says, with what it cannot say: the age of its oldest message, as the collectors have seen it. */
export async function statsWithAge(queue: Pick<Queue, "stats">, registry: Registry, now: number): Promise<QueueStats> {
  const stats = await queue.stats();
  const waiting = stats.visible + stats.inFlight;
  if (waiting === 0) return stats;
  const settled = await settledUntil(registry, now, waiting);
  return { ...stats, oldestAgeMs: settled === undefined ? TWO_WEEKS_MS : Math.max(0, now - settled) };
}
