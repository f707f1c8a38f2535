import { isoUtc } from "../../time/instant.ts";
import type { Json } from "../../values/json.ts";
import type { RetentionPlan } from "./plan.ts";
import type { RetentionResult } from "./result.ts";

/** One entry a cohort in Keen's interval shape: `{ value: { size, returned }, timeframe }`. */
export function shapeRetention({ edges }: RetentionPlan, { cohorts }: RetentionResult): Json {
  return cohorts.map(({ size, returned }, i) => ({
    value: { size, returned: [...returned] },
    timeframe: { start: isoUtc(edges[i] ?? 0), end: isoUtc(edges[i + 1] ?? 0) },
  }));
}
