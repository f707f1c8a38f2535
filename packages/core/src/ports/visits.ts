/**
 * The visit port: who is in which visit, without storage in the browser. A visit hangs on a visitor id, which changes at midnight
 * and when a person logs in or out; whoever asks names the ids that the running visit may be found under, and it moves with them.
 */
export interface Visits {
  /**
   * Page views or engaged time: continues the visit that runs, or begins one. Idempotent by event id: a retried request gets the
   * same visit and page numbers.
   */
  touch(touch: VisitTouch): Promise<VisitAnswer>;
  /** The visit that runs, for events that neither begin nor prolong one. */
  running(lookup: VisitLookup): Promise<Visit | undefined>;
}

/** Who is asked for, and when, milliseconds UTC. */
export interface VisitLookup {
  readonly project: string;
  /** First the id the visit is kept under, then the ids it may have been kept under until now. */
  readonly visitors: readonly [string, ...string[]];
  /** The id of an identified visitor; undefined while nobody is. */
  readonly person?: string;
  /** The first sign of presence: engaged time counts back from its event. */
  readonly from: number;
  /** The last sign of presence. */
  readonly to: number;
}

export interface VisitTouch extends VisitLookup {
  /** Ids of the page views, in the order they happened. May be empty: engaged time only continues a visit. */
  readonly pageViews: readonly string[];
  /** What the visit begins with, if it begins here. */
  readonly entry: VisitEntry;
}

/** Where a visit came from: what its source, channel and campaign are found from. */
export interface VisitEntry {
  /** The first page, reduced to host, path and allowed query parameters. */
  readonly url?: string;
  /** The page before it, likewise. */
  readonly referrer?: string;
}

export interface Visit {
  readonly id: string;
  /** The identified visitor with whom it began; its events are this visitor's to its end, logged out or not. */
  readonly person?: string;
  readonly entry: VisitEntry;
}

export interface VisitAnswer {
  readonly visit: Visit;
  /** Page number in the visit for each page view of the request, 1-based. */
  readonly pages: readonly number[];
}

/** 30 minutes of silence end a visit (the field's convention since Urchin). */
export const VISIT_TIMEOUT_MS = 30 * 60_000;
