import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { multiAnalysis, type Analysis, type Bucket, type MultiAnalysis, type Values } from "../api/keen.ts";
import { keenInterval, type IntervalName } from "../state/interval.ts";
import type { Totals } from "../state/metrics.ts";
import { base, ENGAGEMENT, eventCollections, isAboutEvents, FRESH_MS, keyOf, VIEWS, type Ask } from "./ask.ts";

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
      const [pages, events] = await Promise.all([
        pageCollections(ask).length > 0 ? multiAnalysis<Values>(ask.access, pageQuery(ask), signal) : undefined,
        multiAnalysis<Values>(ask.access, eventQuery(ask), signal),
      ]);
      return toTotals({ ...pages?.result, ...events.result }, events.exact && (pages?.exact ?? true));
    },
    staleTime: FRESH_MS,
    placeholderData: keepPreviousData,
  });

/** The same sums by bucket: the chart and the sparklines. */
export const seriesOf = (ask: Ask, by: IntervalName) =>
  queryOptions({
    queryKey: ["series", by, ...keyOf(ask)],
    queryFn: async ({ signal }): Promise<SeriesPoint[]> => {
      const interval = keenInterval(by);
      const buckets = (query: MultiAnalysis) =>
        multiAnalysis<Bucket<Values>[]>(ask.access, { ...query, interval }, signal);
      const [pages, events] = await Promise.all([
        pageCollections(ask).length > 0 ? buckets(pageQuery(ask)) : undefined,
        buckets(eventQuery(ask)),
      ]);
      return events.result.map(({ value, timeframe }, at) => ({
        start: Date.parse(timeframe.start),
        end: Date.parse(timeframe.end),
        totals: toTotals({ ...pages?.result[at]?.value, ...value }, events.exact && (pages?.exact ?? true)),
      }));
    },
    staleTime: FRESH_MS,
    placeholderData: keepPreviousData,
  });

/** With an event filter the cards are about that event; else about page views. */
function pageCollections(ask: Ask): string[] {
  return [VIEWS, ENGAGEMENT].filter((name) => ask.collections.includes(name));
}

function pageQuery(ask: Ask): MultiAnalysis {
  const onViews = { property_name: "$collection", operator: "eq", property_value: VIEWS };
  const page = (n: number) => ({ property_name: "$visit.page", operator: "eq", property_value: n });
  const analyses: Record<string, Analysis> = {
    views: { analysis_type: "count", filters: [onViews] },
    visits: { analysis_type: "count", filters: [onViews, page(1)] },
    second: { analysis_type: "count", filters: [onViews, page(2)] },
    engaged: { analysis_type: "sum", target_property: "$engaged_ms" },
  };
  if (!isAboutEvents(ask)) {
    analyses["visitors"] = { analysis_type: "count_unique", target_property: "$visitor", filters: [onViews] };
  }
  return { ...base(ask), event_collection: pageCollections(ask), analyses };
}

function eventQuery(ask: Ask): MultiAnalysis {
  const analyses: Record<string, Analysis> = { events: { analysis_type: "count" } };
  if (isAboutEvents(ask)) {
    analyses["visitors"] = { analysis_type: "count_unique", target_property: "$visitor" };
  }
  return { ...base(ask), event_collection: eventCollections(ask), analyses };
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
