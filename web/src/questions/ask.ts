import type { OpenProject } from "../api/session.ts";
import { chosenEvent, keenFilter, type PageFilter } from "../state/filters.ts";
import { isOtherEvent } from "../state/metrics.ts";
import type { Period } from "../state/ranges.ts";
import type { BotsMode } from "../state/search.ts";

/** What every question of the page has in common. Plain data: it is part of the cache key. */
export interface Ask {
  readonly access: OpenProject;
  /** Every collection of the project that has had an event, sorted. */
  readonly collections: readonly string[];
  readonly period: Period;
  readonly filters: readonly PageFilter[];
  readonly bots: BotsMode;
  /** Whether the page shows a web site, or events of whatever kind. */
  readonly about: "web" | "events";
  /** A number of the events' own, whose sum and average are told. */
  readonly number?: string | undefined;
}

/** The collections of our tracker and importer that hold page views and engaged time. */
export const VIEWS = "pageviews";
export const ENGAGEMENT = "engagement";

const BOTS = { people: "exclude", all: "include", bots: "only" } as const;

/** The parameters of Keen's query that follow from an ask. */
export function base(ask: Ask) {
  return {
    timeframe: { start: ask.period.start, end: ask.period.end },
    timezone: ask.access.timezone,
    filters: ask.filters.map(keenFilter),
    bots: BOTS[ask.bots],
  };
}

/**
 * The cache key of an ask; the read key stays out of it. How far a part has come is no part of the key either: it stays one question,
 * whose answer ages (see panels/use-renewal.ts), or every step of the clock would ask anew.
 */
export function keyOf(ask: Ask): readonly unknown[] {
  return [
    ask.access.id,
    ask.access.timezone,
    ask.collections,
    ask.period.whole === undefined ? ask.period : { start: ask.period.start, whole: ask.period.whole },
    ask.filters,
    ask.bots,
    ask.about,
    ask.number,
  ];
}

/** How long an answer counts as fresh. New events are noticed by the version (see questions/version.ts), not by the clock. */
export const FRESH_MS = 60_000;

/** True when the page cannot be about page views: an event filter is on, or the project has none of them. */
export function cannotBeWeb({ collections, filters }: Pick<Ask, "filters" | "collections">): boolean {
  return !collections.includes(VIEWS) || filters.some(isOtherEvent);
}

/** The one event that the page is about: chosen, or the only one that there is. */
export function subjectOf(ask: Pick<Ask, "collections" | "filters">): string | undefined {
  const events = eventCollections(ask).filter((name) => name !== VIEWS);
  return chosenEvent(ask.filters) ?? (events.length === 1 ? events[0] : undefined);
}

/** Collections a reader thinks of as events. Engaged time arrives as events of its own, but nobody did anything for it. */
export function eventCollections(ask: Pick<Ask, "collections">): string[] {
  const names = ask.collections.filter((name) => name !== ENGAGEMENT);
  return names.length > 0 ? names : [...ask.collections];
}
