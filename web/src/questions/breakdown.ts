import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { Filter } from "@millrace/client";
import { askerOf } from "../api/client.ts";
import { inAnyCase } from "../state/in-any-case.ts";
import { FRESH_MS, VIEWS, base, eventCollections, keyOf, type Ask } from "./ask.ts";
import { visitsOf } from "./visits.ts";

/** One way to break the period down: which events, by what, counting what. */
export interface Breakdown {
  readonly id: string;
  /** Field that is grouped by. */
  readonly field: string;
  /** Word for the number: "Visitors", "Visits", "Events". */
  readonly measure: string;
  /** `visitors`: unique visitors of page views; `visits`: visits that began in the period, which add up; `events`: every event. */
  readonly counts: "visitors" | "visits" | "events";
  /** Events whose collection is this only; absent: page views, or all collections for `events`. */
  readonly collection?: string;
}

export interface BreakdownRow {
  readonly value: string | number | boolean | null;
  readonly count: number;
  /** Page views, or events again. */
  readonly views: number;
}

/** The top rows of a breakdown, largest first. @param search only values with this text in them, in whatever case; the server looks */
export const topOf = (ask: Ask, breakdown: Breakdown, limit: number, search = "") =>
  queryOptions({
    queryKey: ["top", breakdown, limit, search, ...keyOf(ask)],
    queryFn: ({ signal }) => run(ask, breakdown, { limit, search }, signal),
    staleTime: FRESH_MS,
    placeholderData: keepPreviousData,
  });

/**
 * The same rows in the comparison period, asked for by value: a row that is not among the other period's top may still have had
 * visitors then, and must not be called new.
 */
export const earlierOf = (ask: Ask, breakdown: Breakdown, values: readonly BreakdownRow["value"][]) =>
  queryOptions({
    queryKey: ["earlier", breakdown, values, ...keyOf(ask)],
    queryFn: ({ signal }) => run(ask, breakdown, { values }, signal),
    staleTime: FRESH_MS,
    placeholderData: keepPreviousData,
  });

/** The breakdown as it can be answered: where the page is about events, it counts events instead of visitors of pages. */
export function suited(breakdown: Breakdown, ask: Ask): Breakdown {
  return ask.about === "events" && !breakdown.collection
    ? { ...breakdown, counts: "events", measure: "Events" }
    : breakdown;
}

interface Rows {
  readonly limit?: number;
  readonly search?: string;
  readonly values?: readonly BreakdownRow["value"][];
}

async function run(ask: Ask, breakdown: Breakdown, rows: Rows, signal: AbortSignal): Promise<BreakdownRow[]> {
  const wanted = breakdown.collection
    ? [breakdown.collection]
    : breakdown.counts === "events"
      ? eventCollections(ask)
      : [VIEWS];
  const collections = wanted.filter((name) => ask.collections.includes(name));
  if (collections.length === 0) return [];
  const shared = base(ask);
  const { field } = breakdown;
  const extra: Filter[] = [];
  if (rows.search) {
    extra.push({ property_name: field, operator: "regex", property_value: inAnyCase(rows.search) });
  }
  if (rows.values) extra.push({ property_name: field, operator: "in", property_value: [...rows.values] });
  const { result } = await askerOf(ask.access).ask(
    {
      ...shared,
      ...(breakdown.counts === "visits" && { time_property: "$visit.start" }),
      analysis_type: "multi_analysis",
      filters: [...shared.filters, ...extra],
      event_collection: collections,
      group_by: [field],
      analyses: { n: MEASURES[breakdown.counts](ask), views: COUNT },
      order_by: [{ property_name: "n", direction: "DESC" }],
      ...(rows.limit === undefined ? {} : { limit: rows.limit }),
    },
    signal,
  );
  return result
    .map((row) => ({ value: scalar(row[field]), count: Number(row.n), views: Number(row.views) }))
    .filter((row) => row.count > 0);
}

const COUNT = { analysis_type: "count" } as const;

const MEASURES = {
  visitors: () => ({ analysis_type: "count_unique", target_property: "$visitor" }) as const,
  visits: visitsOf,
  events: () => COUNT,
};

/** A group by a list property comes as the list; it is shown and filtered as text. */
function scalar(value: unknown): BreakdownRow["value"] {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  return value === null || value === undefined ? null : JSON.stringify(value);
}
