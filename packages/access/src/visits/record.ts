import { hash } from "node:crypto";
import { VISIT_TIMEOUT_MS, type Visit, type VisitEntry, type VisitLookup, type VisitTouch } from "@millrace/core";

/** What is kept of one visitor id: the visit that runs, or where it has moved. Its size does not grow with its page views. */
export interface VisitRecord {
  /** Counts the changes, for conditional writes. */
  readonly version: number;
  readonly visit: string;
  readonly person?: string;
  readonly entry: VisitEntry;
  /** Page views handed out so far. */
  readonly pages: number;
  /** Times of the first and the last sign of presence, milliseconds UTC. */
  readonly first: number;
  readonly last: number;
  /** Some of the newest page views and their numbers, each in the place its id leads to; a later one there replaces it. */
  readonly recent: Readonly<Record<number, RecentView>>;
  /** The visitor id under which this visit goes on. */
  readonly moved?: string;
}

export interface RecentView {
  readonly view: string;
  readonly page: number;
}

/** Places for recent page views: a request that is repeated finds its own again, unless a later view took the place. */
const PLACES = 16;
const VIEW_CHARS = 8;

/** How a page view is remembered, and where. */
export function placeOf(eventId: string): { place: number; view: string } {
  const digest = hash("sha256", eventId);
  return { place: Number.parseInt(digest.slice(-4), 16) % PLACES, view: digest.slice(0, VIEW_CHARS) };
}

/** True when presence at that time belongs to this visit: no silence of more than 30 minutes before or after it. */
export function runsAt(record: VisitRecord, { from, to }: Pick<VisitLookup, "from" | "to">): boolean {
  return from - record.last <= VISIT_TIMEOUT_MS && record.first - to <= VISIT_TIMEOUT_MS;
}

/** The numbers of those page views that the record remembers. */
export function knownPages({ recent }: VisitRecord, pageViews: readonly string[]): (number | undefined)[] {
  return pageViews.map((id) => {
    const { place, view } = placeOf(id);
    const found = recent[place];
    return found?.view === view ? found.page : undefined;
  });
}

/** The record after a touch, and the numbers of the touch's page views. */
export function advance(before: VisitRecord, touch: VisitTouch): { record: VisitRecord; pages: number[] } {
  const known = knownPages(before, touch.pageViews);
  const newest = known.findLastIndex((page) => page !== undefined);
  let pages = before.pages;
  const numbers = known.map((page, index) => {
    if (page !== undefined) return page;
    // A view before one that is remembered was counted with it, and its place has been taken since.
    if (index < newest) return Math.max(1, (known[newest] ?? 0) - (newest - index));
    return ++pages;
  });
  const recent: Record<number, RecentView> = { ...before.recent };
  for (const [index, id] of touch.pageViews.entries()) {
    const { place, view } = placeOf(id);
    recent[place] = { view, page: numbers[index] ?? 0 };
  }
  const record = {
    ...before,
    version: before.version + 1,
    pages,
    first: Math.min(before.first, touch.from),
    last: Math.max(before.last, touch.to),
    recent,
  };
  return { record, pages: numbers };
}

/** A visit that begins with a touch, before its page views are counted. @param version of what it replaces, 0 for nothing */
export function begin(touch: VisitTouch, visit: string, version: number): VisitRecord {
  return {
    version,
    visit,
    ...(touch.person !== undefined && { person: touch.person }),
    entry: touch.entry,
    pages: 0,
    first: touch.from,
    last: touch.to,
    recent: {},
  };
}

export function visitOf({ visit, person, entry }: VisitRecord): Visit {
  return { id: visit, ...(person !== undefined && { person }), entry };
}
