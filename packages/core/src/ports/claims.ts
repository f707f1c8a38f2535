import type { Provenance } from "../event/event.ts";

/** Keen's uniqueness tokens: who brings a token first may store its event; the token is forgotten after 31 days. */
export interface UniquenessClaims {
  /**
   * Claims tokens for events, the first in the list before those after it. Answers for each `ours` when nobody had it, or this same
   * provenance had (a redelivered message gets what it got before); `theirs` when another event has it. When it rejects, any of them
   * may have been claimed.
   */
  claimMany(claims: readonly TokenClaim[]): Promise<readonly ("ours" | "theirs")[]>;
}

/** One token of one collection, and the event that brings it. */
export interface TokenClaim {
  readonly project: string;
  readonly collection: string;
  readonly token: string;
  readonly provenance: Provenance;
}
