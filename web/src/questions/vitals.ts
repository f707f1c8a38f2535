import type { AnalysisEntry, Filter } from "@millrace/client";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { askerOf } from "../api/client.ts";
import { keenInterval, type IntervalName } from "../state/interval.ts";
import { VITALS, type Rating, type Vital } from "../state/vitals.ts";
import { base, FRESH_MS, keyOf, type Ask } from "./ask.ts";

/** The collection of the tracker's part `vitals`: one event for each load that was left. */
export const WEB_VITALS = "web_vitals";

/** How one of them was. */
export interface VitalFacts extends Readonly<Record<Rating, number>> {
  /** Three in four loads were as good or better; null: none told it. */
  readonly p75: number | null;
}

export interface VitalRow extends VitalFacts {
  readonly value: string | null;
}

/** Rows of a list. */
const MOST = 20;

/** Each of them, over all loads of the ask. */
export const vitalsOf = (ask: Ask) =>
  queryOptions({
    queryKey: ["vitals", ...keyOf(ask)],
    queryFn: async ({ signal }): Promise<Readonly<Record<string, VitalFacts>>> => {
      const analyses = Object.assign({}, ...VITALS.map(analysesOf)) as Record<string, AnalysisEntry>;
      const { result } = await askerOf(ask.access).ask({ ...shared(ask), analyses }, signal);
      return Object.fromEntries(VITALS.map((vital) => [vital.id, factsIn(result, vital)]));
    },
    staleTime: FRESH_MS,
    placeholderData: keepPreviousData,
  });

/** One of them by a property, those with most loads first. */
export const vitalBy = (ask: Ask, vital: Vital, property: string) =>
  queryOptions({
    queryKey: ["vital", vital.id, property, ...keyOf(ask)],
    queryFn: async ({ signal }): Promise<readonly VitalRow[]> => {
      const { result } = await askerOf(ask.access).ask(
        {
          ...shared(ask),
          filters: [...base(ask).filters, isMeasured(vital)],
          analyses: { ...analysesOf(vital), loads: { analysis_type: "count" } },
          group_by: [property],
          order_by: [{ property_name: "loads", direction: "DESC" }],
          limit: MOST,
        },
        signal,
      );
      return result.map((row) => {
        const value = row[property];
        return { value: typeof value === "string" ? value : null, ...factsIn(row, vital) };
      });
    },
    staleTime: FRESH_MS,
    placeholderData: keepPreviousData,
  });

/** Its 75th percentile by bucket. */
export const vitalSeries = (ask: Ask, vital: Vital, by: IntervalName) =>
  queryOptions({
    queryKey: ["vital-series", vital.id, by, ...keyOf(ask)],
    queryFn: async ({ signal }) => {
      const { result } = await askerOf(ask.access).ask(
        {
          ...base(ask),
          analysis_type: "percentile",
          event_collection: [WEB_VITALS],
          target_property: vital.id,
          percentile: 75,
          interval: keenInterval(by),
        },
        signal,
      );
      return result.map(({ value, timeframe }) => ({
        start: Date.parse(timeframe.start),
        end: Date.parse(timeframe.end),
        value,
      }));
    },
    staleTime: FRESH_MS,
    placeholderData: keepPreviousData,
  });

function shared(ask: Ask) {
  return { ...base(ask), analysis_type: "multi_analysis", event_collection: [WEB_VITALS] } as const;
}

function isMeasured({ id }: Vital): Filter {
  return { property_name: id, operator: "gte", property_value: 0 };
}

function analysesOf(vital: Vital) {
  const { id, good, poor } = vital;
  const upTo: Filter = { property_name: id, operator: "lte", property_value: good };
  const above: Filter = { property_name: id, operator: "gt", property_value: poor };
  return {
    [`${id} p75`]: { analysis_type: "percentile", target_property: id, percentile: 75 },
    [`${id} all`]: { analysis_type: "count", filters: [isMeasured(vital)] },
    [`${id} good`]: { analysis_type: "count", filters: [isMeasured(vital), upTo] },
    [`${id} poor`]: { analysis_type: "count", filters: [above] },
  } as const satisfies Record<string, AnalysisEntry>;
}

function factsIn(row: { readonly [label: string]: unknown }, { id }: Vital): VitalFacts {
  const [p75, all, good, poor] = ["p75", "all", "good", "poor"].map((name) => row[`${id} ${name}`]);
  return {
    p75: typeof p75 === "number" ? p75 : null,
    good: Number(good),
    fair: Number(all) - Number(good) - Number(poor),
    poor: Number(poor),
  };
}
