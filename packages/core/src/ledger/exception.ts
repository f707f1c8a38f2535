import type { Provenance } from "../event/event.ts";

/** Ends of an accepted event other than "stored" (G3). `dead` lies in the dead-letter queue. */
export type LedgerOutcome = "duplicate" | "rejected" | "dead" | "deleted" | "expired";

/** How long the raw form of a rejected event is kept for replay, milliseconds: it may hold what somebody wants forgotten. */
export const RAW_MS = 30 * 24 * 3_600_000;

/** The document an event leaves that was not stored. Its id is the provenance. */
export interface Exception extends Provenance {
  readonly project: string;
  readonly collection: string;
  readonly receivedAt: number;
  readonly outcome: LedgerOutcome;
  /** From a closed list per outcome (RejectReason for rejected). */
  readonly reason: string;
  readonly detail: string;
  /** The raw accepted event as JSON text, for rejected ones: what replay sends again. */
  readonly raw: string | null;
}
