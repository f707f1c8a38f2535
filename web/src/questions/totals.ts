import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { multiAnalysis, type Analysis, type Bucket, type MultiAnalysis, type Values } from "../api/keen.ts";
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
      const { result, exact } = await multiAnalysis<Values>(ask.access, sums(ask), signal);
      return toTotals(result, exact);
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
      const { result, exact } = await multiAnalysis<Bucket<Values>[]>(ask.access, query, signal);
      return result.map(({ value, timeframe }) => ({
        start: Date.parse(timeframe.start),
        end: Date.parse(timeframe.end),
        totals: toTotals(value, exact),
      }));
    },
    staleTime: FRESH_MS,
    placeholderData: keepPreviousData,
  });

/** Every sum of the cards in one request over all collections: the store reads the period once. */
function sums(ask: Ask): MultiAnalysis {
  const collection = (operator: "eq" | "ne", name: string) => ({
    property_name: "$collection",
    operator,
    property_value: name,
  });
  const page = (n: number) => ({ property_name: "$visit.page", operator: "eq", property_value: n });
  const onViews = collection("eq", VIEWS);
  const analyses: Record<string, Analysis> = {
    // Where the page is about events, their visitors are meant, whatever they did.
    visitors: {
      analysis_type: "count_unique",
      target_property: "$visitor",
      filters: isAboutEvents(ask) ? [] : [onViews],
    },
    views: { analysis_type: "count", filters: [onViews] },
    visits: { analysis_type: "count", filters: [onViews, page(1)] },
    second: { analysis_type: "count", filters: [onViews, page(2)] },
    engaged: { analysis_type: "sum", target_property: "$engaged_ms" },
    events: { analysis_type: "count", filters: [collection("ne", ENGAGEMENT)] },
  };
  return { ...base(ask), event_collection: ask.collections, analyses };
}

function toTotals(values: Values, exact: boolean): Totals {
  return {
    exact,
    visitors: values["visitors"] ?? 0,
    visits: values["visits"] ?? 0,
    views: values["views"] ?? 0,
    second: values["second"] ?? 0,
    engagedMs: values["engaged"] ?? 0,
    events: values["events"] ?? 0,
  };
}
