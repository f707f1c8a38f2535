import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { Filter } from "@millrace/client";
import { askerOf } from "../api/client.ts";
import { keenInterval, type IntervalName } from "../state/interval.ts";
import type { Totals } from "../state/metrics.ts";
import { base, ENGAGEMENT, FRESH_MS, isAboutEvents, keyOf, VIEWS, type Ask } from "./ask.ts";

/** The sums of one bucket of the chart. */
export interface SeriesPoint {
  /** Instants in milliseconds. */
  readonly start: number;
  readonly end: number;
  readonly totals: Totals;
}

/** The cards of one period. */
export const totalsOf = (ask: Ask) =>
  queryOptions({
    queryKey: ["totals", ...keyOf(ask)],
    queryFn: async ({ signal }): Promise<Totals> => {
      const { result, meta } = await askerOf(ask.access).ask(sums(ask), signal);
      return { ...result, exact: meta?.exact ?? true };
    },
    staleTime: FRESH_MS,
    placeholderData: keepPreviousData,
  });

/** The same sums by bucket: the chart and the sparklines. */
export const seriesOf = (ask: Ask, by: IntervalName) =>
  queryOptions({
    queryKey: ["series", by, ...keyOf(ask)],
    queryFn: async ({ signal }): Promise<SeriesPoint[]> => {
      const query = { ...sums(ask), interval: keenInterval(by) };
      const { result, meta } = await askerOf(ask.access).ask(query, signal);
      return result.map(({ value, timeframe }) => ({
        start: Date.parse(timeframe.start),
        end: Date.parse(timeframe.end),
        totals: { ...value, exact: meta?.exact ?? true },
      }));
    },
    staleTime: FRESH_MS,
    placeholderData: keepPreviousData,
  });

/** Every sum of the cards in one question over all collections: the store reads the period once. */
function sums(ask: Ask) {
  const onViews: Filter = { property_name: "$collection", operator: "eq", property_value: VIEWS };
  const notEngaged: Filter = { property_name: "$collection", operator: "ne", property_value: ENGAGEMENT };
  const onPage = (n: number): Filter => ({ property_name: "$visit.page", operator: "eq", property_value: n });
  return {
    ...base(ask),
    analysis_type: "multi_analysis",
    event_collection: ask.collections,
    analyses: {
      // Where the page is about events, their visitors are meant, whatever they did.
      visitors: {
        analysis_type: "count_unique",
        target_property: "$visitor",
        filters: isAboutEvents(ask) ? [] : [onViews],
      },
      views: { analysis_type: "count", filters: [onViews] },
      visits: { analysis_type: "count", filters: [onViews, onPage(1)] },
      second: { analysis_type: "count", filters: [onViews, onPage(2)] },
      engagedMs: { analysis_type: "sum", target_property: "$engaged_ms" },
      events: { analysis_type: "count", filters: [notEngaged] },
    },
  } as const;
}
