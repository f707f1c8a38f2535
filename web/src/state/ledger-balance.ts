import type { LedgerHour } from "@millrace/core";

/** The ends an accepted event can have, in the order they are told. */
export const ENDS = ["stored", "duplicate", "rejected", "dead", "deleted", "expired"] as const;
export type End = (typeof ENDS)[number];

export interface LedgerSum {
  readonly accepted: number;
  readonly ends: Readonly<Record<End, number>>;
  readonly inFlight: number;
  /** `balanced`: every accepted event is accounted for; `moving`: some are on their way; `off`: the two counts do not meet. */
  readonly state: "balanced" | "moving" | "off";
}

/** Adds the hours up. @param balanced the server's verdict: only it knows what is still queued */
export function sumLedger(hours: readonly LedgerHour[], balanced: boolean): LedgerSum {
  const ends: Record<End, number> = { stored: 0, duplicate: 0, rejected: 0, dead: 0, deleted: 0, expired: 0 };
  let accepted = 0;
  let inFlight = 0;
  for (const hour of hours) {
    accepted += hour.accepted;
    inFlight += hour.inFlight;
    for (const end of ENDS) ends[end] += hour[end];
  }
  return { accepted, ends, inFlight, state: !balanced ? "off" : inFlight === 0 ? "balanced" : "moving" };
}
