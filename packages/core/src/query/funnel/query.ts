import type { EventSet } from "../event-set.ts";

/**
 * Keen's funnel: how many actors did this, and also that, and also the next. Steps are sets, not moments: an actor who did them in
 * another order counts too.
 */
export interface FunnelQuery {
  readonly kind: "funnel";
  /** At least one. */
  readonly steps: readonly FunnelStep[];
}

/** One step: events of its own, and who did them. */
export interface FunnelStep extends EventSet {
  /** The property that says who. Steps may name it differently: an actor is the same where the values are equal. */
  readonly actor: string;
  /** Keeps who did not do it. Never true of the first. */
  readonly inverted: boolean;
  /** Counted, but the steps behind it do not ask for it. Never true of the first. */
  readonly optional: boolean;
  /** The answer lists the actors of this step. */
  readonly withActors: boolean;
}
