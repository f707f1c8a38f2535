import type { AcceptedEvent, AppendOutcome, RetryCause, StoredEvent } from "@millrace/core";
import type { Delivery } from "./decode.ts";

/** One event of one message on its way to its end. `ordinal` is its place in its request. */
export interface Candidate {
  readonly delivery: Delivery;
  readonly ordinal: number;
  /** As it was accepted; unchecked, because the queue's text is not ours alone to write. */
  readonly accepted: AcceptedEvent;
  /** What goes to the store; undefined when the event ended before. */
  readonly stored?: StoredEvent;
}

/**
 * Where an event ended: the store's outcomes, a duplicate told by its uniqueness token, and a try that failed before or in the
 * store, with the error that did it; the store says why it is to be tried again.
 */
export type End =
  | Exclude<AppendOutcome, { kind: "retry" }>
  | { readonly kind: "duplicate-token" }
  | { readonly kind: "retry"; readonly detail: string; readonly because?: RetryCause; readonly cause?: unknown };

/** A candidate and its end. */
export interface Settled {
  readonly candidate: Candidate;
  readonly end: End;
}
