import type { EventSet } from "../event-set.ts";

/**
 * Who came back. An actor belongs to the cohort of the period in which his first event lies, of those in the timeframe; he has come
 * back in a period when an event of the second set, later than that first one by a millisecond at least, lies in it.
 */
export interface RetentionQuery {
  readonly kind: "retention";
  /** What puts an actor into a cohort, and what counts as coming back: two sets of one timeframe and zone. */
  readonly first: EventSet;
  readonly returning: EventSet;
  readonly actor: string;
  readonly period: RetentionPeriod;
  /** False: came back in that period. True: in that period or a later one. */
  readonly unbounded: boolean;
}

export type RetentionPeriod = "day" | "week" | "month";
