import type { ErrorCode } from "../error.ts";
import type { LOST, RefusedRow } from "../ledger/ledger.ts";

/**
 * Counts what was refused at once, by reason and hour. Not part of the ledger's balance (the client was told), but shown
 * beside it. Counting must never fail or delay an answer, so it returns nothing and throws nothing.
 */
export interface RefusalCounter {
  count(refusal: Refusal): void;
}

export interface Refusal {
  /** Undefined when the project is unknown: made-up ids must not make rows. */
  readonly project: string | undefined;
  readonly reason: ErrorCode | typeof LOST;
  /** Events refused; 1 for a request whose events could not be counted. */
  readonly events: number;
  /** Milliseconds UTC. */
  readonly at: number;
}

/** The reading side, for the ledger. */
export interface RefusalCounts extends RefusalCounter {
  /** Hours that start in [from, to), milliseconds UTC. `undefined`: refusals of no known project. */
  refused(project: string | undefined, from: number, to: number): Promise<RefusedRow[]>;
  close(): Promise<void>;
}
