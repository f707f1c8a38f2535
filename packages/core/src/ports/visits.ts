/**
 * The visit port: who is in which visit, without storage in the browser. One call per request that holds page views of
 * one visitor. Idempotent by event id: a retried request gets the same visit and page numbers.
 */
export interface Visits {
  touch(request: VisitTouch): Promise<VisitAnswer>;
}

export interface VisitTouch {
  readonly project: string;
  readonly visitor: string;
  /** Time of the newest event of the request, milliseconds UTC. */
  readonly at: number;
  /** Ids of the page views, in the order they happened. May be empty: then the visit is only continued. */
  readonly pageViews: readonly string[];
}

export interface VisitAnswer {
  readonly visit: string;
  /** Page number in the visit for each page view of the request, 1-based. */
  readonly pages: readonly number[];
}

/** 30 minutes of silence end a visit (the field's convention since Urchin). */
export const VISIT_TIMEOUT_MS = 30 * 60_000;
