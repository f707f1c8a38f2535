import type { ErrorCode } from "../error.ts";
import type { LOST, NO_VISITOR, RefusedRow } from "../ledger/ledger.ts";

/** The reason of what came to a port of ours and is no HTTP. */
export const MALFORMED = "malformed";

/**
 * Counts what was refused at once, by reason and hour, and what else is no end of an event. Not part of the ledger's balance (the client was told), but shown
 * beside it. Counting must never fail or delay an answer, so it returns nothing and throws nothing.
 */
export interface RefusalCounter {
  count(refusal: Refusal): void;
}

export interface Refusal {
  /** Undefined when the project is unknown: made-up ids must not make rows. */
  readonly project: string | undefined;
  readonly reason: ErrorCode | typeof LOST | typeof NO_VISITOR | typeof MALFORMED;
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
