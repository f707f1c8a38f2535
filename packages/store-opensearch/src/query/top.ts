import { askTop, type MetricPlan, type MetricResult } from "@millrace/core";
import type { Searcher } from "../client/search.ts";
import { runMetric, type ExactLimits } from "./metric.ts";

/**
 * Answers a metric plan, of its largest groups alone where it asks for these. All groups are counted first then, so that it is known how
 * many there are when their different values are asked for.
 */
export async function answerMetric(searcher: Searcher, plan: MetricPlan, limits: ExactLimits): Promise<MetricResult> {
  let groups: number | undefined;
  return askTop(plan, async (part, within) => {
    const answer = await runMetric(searcher, part, limits, within?.groups.length ?? groups);
    groups ??= answer.rows.length;
    return answer;
  });
}
