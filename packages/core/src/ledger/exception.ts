import type { Provenance } from "../event/event.ts";

/** Ends of an accepted event other than "stored" (G3). `dead` lies in the dead-letter queue. */
export type LedgerOutcome = "duplicate" | "rejected" | "dead" | "deleted" | "expired";

/** How long the raw form of a rejected event is kept for replay, milliseconds: it may hold what somebody wants forgotten. */
export const RAW_MS = 30 * 24 * 3_600_000;

/**
 * Duplicates of one batch leave one document for each reason, whose ordinal is none of an event: who sends the same five hundred
 * events again and again would fill the store with exceptions. It says how many they are, and in its detail which.
 */
export const DUPLICATES_AT = { id: -1, "uniqueness-token": -2 } as const;

/** The document an event leaves that was not stored, or several of one batch. Its id is the provenance. */
export interface Exception extends Provenance {
  readonly project: string;
  readonly collection: string;
  readonly receivedAt: number;
  readonly outcome: LedgerOutcome;
  /** From a closed list per outcome (RejectReason for rejected). */
  readonly reason: string;
  readonly detail: string;
  /** Events that it stands for. Absent: one. */
  readonly count?: number;
  /** The raw accepted event as JSON text, for rejected ones: what replay sends again. */
  readonly raw: string | null;
}
