import type { createSqliteRefusals } from "@millrace/access";
import { MALFORMED, type EventStore } from "@millrace/core";
import { createLedger } from "@millrace/ops";
import type { openQueue } from "./open-queue.ts";

interface Counted {
  readonly store: Pick<EventStore, "outcomes">;
  readonly queue: Pick<Awaited<ReturnType<typeof openQueue>>, "accepted" | "dead">;
  readonly refusals: Pick<ReturnType<typeof createSqliteRefusals>, "refused">;
}

/** The ledger of one machine: the queue counts what was accepted, the store how it ended, and ingest what it refused. */
export function openLedger({ store, queue: { accepted, dead }, refusals }: Counted) {
  return createLedger({
    outcomes: (...query) => store.outcomes(...query),
    accepted,
    dead,
    refused: (project, from, to) => refusals.refused(project, from, to),
    turnedAway: async (from, to) =>
      (await refusals.refused(undefined, from, to)).map(({ hour, reason, count }) => ({
        hour,
        reason: reason === MALFORMED ? MALFORMED : "unknown_project",
        count,
      })),
  });
}
