import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { Filter } from "@millrace/client";
import { askerOf } from "../api/client.ts";
import { keenInterval, type IntervalName } from "../state/interval.ts";
import { base, FRESH_MS, keyOf, type Ask } from "./ask.ts";

/** The collection of the tracker's part `widgets`. */
export const WIDGETS = "widgets";

/** What became of widgets: how often each step was taken. */
export interface WidgetSteps {
  readonly value: string | null;
  readonly shown: number;
  readonly seen: number;
  readonly used: number;
  readonly converted: number;
  readonly failed: number;
  /** Half of those that said when they were ready were so within, milliseconds; null: none did. */
  readonly loadMs: number | null;
}

const step = (action: string) => {
  const filter: Filter = { property_name: "$widget_action", operator: "eq", property_value: action };
  return { analysis_type: "count", filters: [filter] } as const;
};

const LOADED: Filter = { property_name: "$widget_action", operator: "eq", property_value: "loaded" };

/** Most widgets, versions or places of a list. */
const MOST = 100;

/** The steps of all widgets of an ask, by one of their properties; those shown most come first. */
export const widgetsBy = (ask: Ask, property: string) =>
  queryOptions({
    queryKey: ["widgets", property, ...keyOf(ask)],
    queryFn: async ({ signal }): Promise<readonly WidgetSteps[]> => {
      const { result } = await askerOf(ask.access).ask(
        {
          ...base(ask),
          analysis_type: "multi_analysis",
          event_collection: [WIDGETS],
          group_by: [property],
          analyses: {
            shown: step("shown"),
            seen: step("seen"),
            used: step("interacted"),
            converted: step("converted"),
            failed: step("failed"),
            loadMs: { analysis_type: "median", target_property: "$widget_ms", filters: [LOADED] },
          },
          order_by: [{ property_name: "shown", direction: "DESC" }],
          limit: MOST,
        },
        signal,
      );
      return result.map((row) => {
        const value = row[property];
        const { shown, seen, used, converted, failed, loadMs } = row;
        return {
          value: typeof value === "string" ? value : null,
          shown: Number(shown),
          seen: Number(seen),
          used: Number(used),
          converted: Number(converted),
          failed: Number(failed),
          loadMs: loadMs === null ? null : Number(loadMs),
        };
      });
    },
    staleTime: FRESH_MS,
    placeholderData: keepPreviousData,
  });

/** When each version of the widgets of an ask was first shown in its period: milliseconds UTC of the bucket, by version. */
export const versionsOf = (ask: Ask, by: IntervalName) =>
  queryOptions({
    queryKey: ["versions", by, ...keyOf(ask)],
    queryFn: async ({ signal }): Promise<ReadonlyMap<string | null, number>> => {
      const { result } = await askerOf(ask.access).ask(
        {
          ...base(ask),
          analysis_type: "count",
          event_collection: [WIDGETS],
          group_by: ["$widget_version"],
          interval: keenInterval(by),
        },
        signal,
      );
      const first = new Map<string | null, number>();
      for (const { value: rows, timeframe } of result) {
        for (const row of rows) {
          const version = row["$widget_version"];
          const known = typeof version === "string" ? version : null;
          if (row.result > 0 && !first.has(known)) first.set(known, Date.parse(timeframe.start));
        }
      }
      return first;
    },
    staleTime: FRESH_MS,
    placeholderData: keepPreviousData,
  });
