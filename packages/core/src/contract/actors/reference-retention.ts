import type { StoredEvent } from "../../event/event.ts";
import type { RetentionPlan } from "../../query/retention/plan.ts";
import type { RetentionResult } from "../../query/retention/result.ts";
import { valueKey } from "../../values/value.ts";
import { selected } from "../reference-filter.ts";
import { fieldValue } from "../reference-value.ts";

/** The answer to a retention question over these events: for each cohort and period, the actors one by one. */
export function evaluateRetention(plan: RetentionPlan, events: readonly StoredEvent[]): RetentionResult {
  const { edges, actor, unbounded } = plan;
  const byActor = (own: readonly StoredEvent[]) =>
    Map.groupBy(own, (event) => {
      const value = fieldValue(event, actor) ?? null;
      return value === null ? undefined : valueKey(value);
    });
  const first = byActor(selected(plan.first, events));
  const returning = byActor(selected(plan.returning, events));
  const periodOf = (time: number) => edges.findLastIndex((edge) => time >= edge);
  const actors = [...first].flatMap(([who, own]) => {
    if (who === undefined) return [];
    const start = Math.min(...own.map(({ timestamp }) => timestamp));
    const back = (returning.get(who) ?? []).filter(({ timestamp }) => timestamp > start);
    return [{ cohort: periodOf(start), back: back.map(({ timestamp }) => periodOf(timestamp)) }];
  });
  const cohorts = edges.slice(1).map((_, cohort) => {
    const own = actors.filter((each) => each.cohort === cohort);
    const periods = edges.slice(cohort + 1).map((__, later) => cohort + later);
    return {
      size: own.length,
      returned: periods.map(
        (period) =>
          own.filter(({ back }) => (unbounded ? back.some((each) => each >= period) : back.includes(period))).length,
      ),
    };
  });
  return { cohorts };
}
