import type { Json, JsonObject } from "../../values/json.ts";
import { compareValues } from "../../values/value.ts";
import type { OrderedFunnelQuery } from "./query.ts";
import type { Conversion, OrderedFunnelResult, StepTime } from "./result.ts";

/** `result`, `time_to_convert` (seconds, null for the first step), and with a breakdown `groups`: the same for each value, in value order. */
export function shapeOrderedFunnel(
  { breakdown }: OrderedFunnelQuery,
  { total, groups }: OrderedFunnelResult,
): { result: Json; time_to_convert: Json; groups?: Json } {
  const sorted = groups.toSorted((a, b) => compareValues(a.value, b.value));
  return {
    ...shapeConversion(total),
    ...(breakdown !== undefined && {
      groups: sorted.map(({ value, ...conversion }): JsonObject => ({
        [breakdown]: value,
        ...shapeConversion(conversion),
      })),
    }),
  };
}

function shapeConversion({ counts, times }: Conversion): { result: Json; time_to_convert: Json } {
  return { result: [...counts], time_to_convert: times.map((time, i) => time && inSeconds(time, counts[i] ?? 0)) };
}

function inSeconds({ sum, median, p90 }: StepTime, count: number): JsonObject {
  return { average: sum / count / 1000, median: median / 1000, p90: p90 / 1000 };
}
