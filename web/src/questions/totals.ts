import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { Filter } from "@millrace/client";
import { askerOf } from "../api/client.ts";
import { keenInterval, type IntervalName } from "../state/interval.ts";
import type { Totals } from "../state/metrics.ts";
import { addDays } from "../state/wall.ts";
import { base, ENGAGEMENT, FRESH_MS, keyOf, type Ask } from "./ask.ts";
import { doneSomething, keepsParts, onPage, onViews, stayedOf, visitsOf } from "./visits.ts";

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
      const asker = askerOf(ask.access);
      const [happened, begun, bounced] = await Promise.all([
        asker.ask(sums(ask), signal),
        asker.ask(visitSums(ask), signal),
        bouncedOfParts(ask, signal),
      ]);
      return { ...NO_NUMBER, ...happened.result, ...begun.result, bounced, ...exactnessOf(happened, begun) };
    },
    staleTime: FRESH_MS,
    placeholderData: keepPreviousData,
  });

/**
 * The same sums by bucket: the chart and the sparklines.
 * @param visits false: without the sums of the visits, which cost more than all others together; they are 0 then
 */
export const seriesOf = (ask: Ask, by: IntervalName, visits = true) =>
  queryOptions({
    queryKey: ["series", by, visits, ...keyOf(ask)],
    queryFn: async ({ signal }): Promise<SeriesPoint[]> => {
      const asker = askerOf(ask.access);
      const questions = seriesQuestions(ask, by);
      const [happened, begun] = await Promise.all([
        asker.ask(questions.happened, signal),
        visits ? asker.ask(questions.begun, signal) : undefined,
      ]);
      const ofVisits = new Map(begun?.result.map(({ value, timeframe }) => [timeframe.start, value]));
      return happened.result.map(({ value, timeframe }) => ({
        start: Date.parse(timeframe.start),
        end: Date.parse(timeframe.end),
        totals: {
          ...NO_NUMBER,
          ...value,
          ...(ofVisits.get(timeframe.start) ?? NO_VISITS),
          bounced: null,
          ...exactnessOf(happened, begun),
        },
      }));
    },
    staleTime: FRESH_MS,
    placeholderData: keepPreviousData,
  });

/** What the chart asks: of what happened in each bucket, and of the visits that began in it. */
export function seriesQuestions(ask: Ask, by: IntervalName) {
  const interval = keenInterval(by);
  return { happened: { ...sums(ask), interval }, begun: { ...visitSums(ask), interval } };
}

/** An answer that says nothing of it is exact. */
interface Answer {
  readonly meta?: { readonly exact: boolean } | undefined;
}

function exactnessOf(happened: Answer, begun: Answer | undefined): Pick<Totals, "exact" | "visitsExact"> {
  return { exact: happened.meta?.exact ?? true, visitsExact: begun?.meta?.exact ?? true };
}

const NO_NUMBER = { numberSum: 0, numbers: 0 };
const NO_VISITS = { visits: 0, visitViews: 0, stayed: 0, engagedMs: 0 };

/** What happened in the period, in one question over all collections: the store reads it once. */
function sums(ask: Ask) {
  const notEngaged: Filter = { property_name: "$collection", operator: "ne", property_value: ENGAGEMENT };
  return {
    ...base(ask),
    analysis_type: "multi_analysis",
    event_collection: ask.collections,
    analyses: {
      // Where the page is about events, their visitors are meant, whatever they did.
      visitors: {
        analysis_type: "count_unique",
        target_property: "$visitor",
        filters: ask.about === "events" ? [] : [onViews],
      },
      views: { analysis_type: "count", filters: [onViews] },
      events: { analysis_type: "count", filters: [notEngaged] },
      ...(ask.number !== undefined && numberSums(ask.number)),
    },
  } as const;
}

/** The sum of a number, and of how many. */
function numberSums(property: string) {
  const has: Filter = { property_name: property, operator: "exists", property_value: true };
  return {
    numberSum: { analysis_type: "sum", target_property: property },
    numbers: { analysis_type: "count", filters: [has] },
  } as const;
}

/**
 * What belongs to the visits that began in the period. A rate over visits must not take pages from one visit and its beginning
 * from another, so all of its sums go by the beginning; the buckets then add up to the period, whatever their width.
 */
function visitSums(ask: Ask) {
  return {
    ...base(ask),
    time_property: "$visit.start",
    analysis_type: "multi_analysis",
    event_collection: ask.collections,
    analyses: {
      visits: visitsOf(ask),
      visitViews: { analysis_type: "count", filters: [onViews] },
      stayed: stayedOf(ask),
      engagedMs: { analysis_type: "sum", target_property: "$engaged_ms" },
    },
  } as const;
}

/**
 * The share of bounces among the visits of which something matches, asked as a funnel: who matched, and did something else besides,
 * matching or not. Null where whole visits match (the sums tell it), and where nothing does.
 */
async function bouncedOfParts(ask: Ask, signal: AbortSignal): Promise<number | null> {
  if (!keepsParts(ask) || ask.about === "events") return null;
  const { filters, ...common } = base(ask);
  const visit = { event_collection: ask.collections, actor_property: "$visit.id" };
  // The rest of a visit may lie on the other side of the period's ends.
  const around = { start: addDays(ask.period.start, -1), end: addDays(ask.period.end, 1) };
  const { result } = await askerOf(ask.access).ask(
    {
      ...common,
      analysis_type: "funnel",
      steps: [
        { ...visit, filters: [...filters, onViews] },
        { ...visit, timeframe: around, timezone: common.timezone, filters: [doneSomething(ask) ?? onPage(2)] },
      ],
    },
    signal,
  );
  const [matched, stayed] = result;
  return matched > 0 ? 1 - stayed / matched : null;
}
