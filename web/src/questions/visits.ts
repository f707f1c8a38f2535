import type { AnalysisEntry, Filter } from "@millrace/client";
import { isOfTheVisit } from "../state/dimensions.ts";
import { ENGAGEMENT, VIEWS, type Ask } from "./ask.ts";

// What is asked of whole visits. With `time_property: "$visit.start"` every event counts where its visit began, so the visits of the
// buckets add up to those of the period, whatever their width.

export const onViews: Filter = { property_name: "$collection", operator: "eq", property_value: VIEWS };

type Counted = Extract<AnalysisEntry, { analysis_type: "count" | "count_unique" }>;

/** Collections of the tracker that come by themselves: nobody did anything for them. */
const PASSIVE: ReadonlySet<string> = new Set([
  VIEWS,
  ENGAGEMENT,
  "web_vitals",
  "script_errors",
  "not_found",
  "widgets",
]);
/** Of a widget's steps, those that somebody takes. */
const ACTIVE_WIDGET: Filter = {
  operator: "and",
  operands: [
    { property_name: "$collection", operator: "eq", property_value: "widgets" },
    { property_name: "$widget_action", operator: "in", property_value: ["interacted", "converted"] },
  ],
};

/** True when the filters may keep a part of a visit only. */
export function keepsParts(ask: Pick<Ask, "filters">): boolean {
  return ask.filters.some(({ field }) => !isOfTheVisit(field));
}

/**
 * Visits of which something matches. Where whole visits match, each has one first page: counting those is the same number and costs
 * a hundredth. Else no visit may be lost for its first page being another one.
 */
export function visitsOf(ask: Pick<Ask, "filters">): Counted {
  return keepsParts(ask)
    ? { analysis_type: "count_unique", target_property: "$visit.id" }
    : { analysis_type: "count", filters: [onViews, onPage(1)] };
}

/** Visits that did not bounce: two pages were seen, or one thing was done (Plausible's rule, as Google Analytics' "engaged"). */
export function stayedOf(ask: Pick<Ask, "collections">): Counted {
  const done = doneSomething(ask);
  return done
    ? { analysis_type: "count_unique", target_property: "$visit.id", filters: [done] }
    : { analysis_type: "count", filters: [onViews, onPage(2)] };
}

/** An event that tells that its visit did not bounce; undefined where page views are all there is. */
export function doneSomething({ collections }: Pick<Ask, "collections">): Filter | undefined {
  const active = collections.filter((name) => !PASSIVE.has(name));
  const done: Filter[] = [];
  if (active.length > 0) done.push({ property_name: "$collection", operator: "in", property_value: active });
  if (collections.includes("widgets")) done.push(ACTIVE_WIDGET);
  return done.length > 0 ? { operator: "or", operands: [onPage(2), ...done] } : undefined;
}

/** The event that is the n-th page of its visit. */
export function onPage(n: number): Filter {
  return { property_name: "$visit.page", operator: "eq", property_value: n };
}
