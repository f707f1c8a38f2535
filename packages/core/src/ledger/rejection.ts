import type { Provenance } from "../event/event.ts";

/** Which rejected events are meant, of which all must hold. */
export interface RejectedQuery {
  readonly project: string;
  /** Of receipt: start inclusive, end exclusive, milliseconds UTC. */
  readonly from: number;
  readonly to: number;
  readonly reason?: string;
  readonly collection?: string;
}

/** Where a rejected event stands among the others: newest receipt first, then by batch and ordinal, backwards. */
export interface RejectedPlace extends Provenance {
  /** Milliseconds UTC. */
  readonly receivedAt: number;
}

export interface RejectedPage {
  readonly limit: number;
  /** The last of the page before. Default: from the newest on. */
  readonly after?: RejectedPlace;
}

/** One event that was accepted and could not be stored. */
export interface RejectedEvent extends RejectedPlace {
  readonly collection: string;
  readonly reason: string;
  readonly detail: string;
  /** The event as it was accepted, as JSON text; null when its time is over, or where it was too large to be kept. */
  readonly raw: string | null;
}

/** Those with one reason and collection. */
export interface RejectedGroup {
  readonly reason: string;
  readonly collection: string;
  readonly count: number;
  /** When the first and the last of them were received, milliseconds UTC. */
  readonly firstAt: number;
  readonly lastAt: number;
}
