import type { Filter } from "@millrace/client";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { askerOf } from "../api/client.ts";
import { fieldOf } from "../state/event-fields.ts";
import { addDays } from "../state/wall.ts";
import { base, ENGAGEMENT, eventCollections, FRESH_MS, keyOf, VIEWS, type Ask } from "./ask.ts";
import { happenedAt, newestFirst, type StoredEvent } from "./events.ts";
import { keepsParts, onPage, onViews } from "./visits.ts";

/** One visit of a list. Nobody's: it is known by what it did, and a visitor by nothing beyond the day. */
export interface VisitRow {
  readonly id: string;
  /** An event of it that matches: what is the same for the whole visit stands on it. */
  readonly event: StoredEvent;
  readonly pages: number;
  readonly events: number;
  /** Time that its pages were in front, ms. */
  readonly engagedMs: number;
}

export interface VisitPage {
  readonly visits: readonly VisitRow[];
  /** Where the next page begins, ms UTC; absent: nowhere. */
  readonly next?: number;
}

/** Events that are read for one page of the list. */
const STEP = 50;

/**
 * Visits of which something matches, by the latest of it, a page at a time. Only as many events are read as a page has: where whole visits
 * match, their first pages, else whatever matches, several of one visit together: one with events on both sides of a page's end is on both.
 * @param before where the page begins, ms UTC; undefined: at the latest
 */
export const visitListOf = (ask: Ask, before: number | undefined) =>
  queryOptions({
    queryKey: ["visits", before, ...keyOf(ask)],
    queryFn: async ({ signal }): Promise<VisitPage> => {
      const asker = askerOf(ask.access);
      const shared = base(ask);
      const parts = keepsParts(ask) || ask.about === "events";
      const { result } = await asker.ask(
        {
          ...shared,
          analysis_type: "extraction",
          event_collection: parts ? eventCollections(ask) : [VIEWS],
          filters: [...shared.filters, ...(parts ? [ofAVisit] : [onPage(1)]), ...upTo(before)],
          standard_fields: true,
          latest: STEP,
        },
        signal,
      );
      const found = newestFirst(result);
      const last = found.at(-1);
      const latest = new Map<string, StoredEvent>();
      for (const event of found) {
        const id = visitOf(event);
        if (id !== undefined && !latest.has(id)) latest.set(id, event);
      }
      const facts = await factsOf(ask, [...latest.keys()], signal);
      return {
        visits: [...latest].map(([id, event]) => ({ id, event, ...(facts.get(id) ?? NOTHING) })),
        ...(last && found.length === STEP && { next: happenedAt(last) }),
      };
    },
    staleTime: FRESH_MS,
    placeholderData: keepPreviousData,
  });

const ofAVisit: Filter = { property_name: "$visit.id", operator: "ne", property_value: null };

/** Inclusive: what happened in the very millisecond that a page ended with is not passed over. */
function upTo(before: number | undefined): Filter[] {
  if (before === undefined) return [];
  const property_value = new Date(before).toISOString();
  return [{ property_name: "keen.timestamp", operator: "lte", property_value }];
}

function visitOf(event: StoredEvent): string | undefined {
  const id = fieldOf(event, "$visit.id");
  return typeof id === "string" ? id : undefined;
}

type Facts = Pick<VisitRow, "pages" | "events" | "engagedMs">;
const NOTHING: Facts = { pages: 0, events: 0, engagedMs: 0 };

/** What these visits did as a whole, whatever the filters let through of them. */
async function factsOf(ask: Ask, ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Facts>> {
  if (ids.length === 0) return new Map();
  const { period } = ask;
  const { result } = await askerOf(ask.access).ask(
    {
      ...base(ask),
      // The rest of a visit may lie on the other side of the period's ends.
      timeframe: { start: addDays(period.start, -1), end: addDays(period.end, 1) },
      filters: [{ property_name: "$visit.id", operator: "in", property_value: ids }],
      analysis_type: "multi_analysis",
      event_collection: ask.collections,
      analyses: {
        pages: { analysis_type: "count", filters: [onViews] },
        events: {
          analysis_type: "count",
          filters: [{ property_name: "$collection", operator: "ne", property_value: ENGAGEMENT }],
        },
        engagedMs: { analysis_type: "sum", target_property: "$engaged_ms" },
      },
      group_by: ["$visit.id"],
    },
    signal,
  );
  const facts = new Map<string, Facts>();
  for (const { "$visit.id": id, pages, events, engagedMs } of result)
    if (typeof id === "string") {
      facts.set(id, { pages: Number(pages), events: Number(events), engagedMs: Number(engagedMs) });
    }
  return facts;
}
