import type { EventSet } from "../event-set.ts";

/**
 * A funnel in order: each step must come after the one before it. An actor counts once, with the attempt that gets furthest: an
 * attempt begins with any event of the first step, and takes for each next step its first event that is later, by a millisecond at
 * least. Of attempts that get equally far the earliest counts.
 */
export interface OrderedFunnelQuery {
  readonly kind: "ordered_funnel";
  /** At least one. */
  readonly steps: readonly OrderedStep[];
  /** Milliseconds from the first step within which every later one must come, the last of them included. Absent: any time. */
  readonly windowMs?: number;
  /** A property of the first step's event: each of its values is a funnel of its own. */
  readonly breakdown?: string;
}

/** One step: events of its own, and who did them. */
export interface OrderedStep extends EventSet {
  readonly actor: string;
}
