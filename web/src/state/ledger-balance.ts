import type { LedgerHour } from "@millrace/core";

/** The ends an accepted event can have, in the order they are told. */
export const ENDS = ["stored", "duplicate", "rejected", "dead", "deleted", "expired"] as const;
export type End = (typeof ENDS)[number];

export interface LedgerSum {
  readonly accepted: number;
  readonly ends: Readonly<Record<End, number>>;
  readonly inFlight: number;
  readonly refused: number;
  /** `balanced`: every accepted event is accounted for; `moving`: some are on their way; `off`: more ends than starts, or lost. */
  readonly state: "balanced" | "moving" | "off";
}

/** An hour may hold unfinished work this long before it counts as a discrepancy: only messages still queued may be in flight. */
const SETTLED_AFTER_MS = 2 * 3_600_000;

/** Adds the hours up. */
export function sumLedger(hours: readonly LedgerHour[], nowMs: number): LedgerSum {
  const ends: Record<End, number> = { stored: 0, duplicate: 0, rejected: 0, dead: 0, deleted: 0, expired: 0 };
  let accepted = 0;
  let inFlight = 0;
  let refused = 0;
  let off = false;
  for (const hour of hours) {
    accepted += hour.accepted;
    inFlight += hour.inFlight;
    for (const end of ENDS) ends[end] += hour[end];
    refused += Object.values(hour.refused).reduce((sum, n) => sum + n, 0);
    if (hour.inFlight < 0 || (hour.inFlight > 0 && nowMs - hour.hour > SETTLED_AFTER_MS)) off = true;
  }
  return { accepted, ends, inFlight, refused, state: off ? "off" : inFlight > 0 ? "moving" : "balanced" };
}
