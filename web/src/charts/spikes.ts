import type { NumberFormat } from "../format/number.ts";
import { t } from "../language/words.ts";
import { spikesOf } from "../state/changes.ts";
import type { Metric } from "../state/metrics.ts";
import type { ChartPoint } from "./points.ts";

/**
 * The buckets that lie far above the others, by the rule of the spikes of a source, with what is usual. Of counts alone: rates go up and
 * down with how few they are of. Buckets that are not whole are neither spikes nor usual.
 */
export function spikesAmong(points: readonly ChartPoint[], { unit }: Metric): ReadonlyMap<number, number> {
  const whole = points.flatMap(({ at, solid }) => (solid === null ? [] : [[at, solid] as const]));
  if (unit !== "count") return new Map();
  const spikes = spikesOf(new Map([["all", whole.map(([, value]) => value)]]));
  return new Map(spikes.flatMap(({ at, usual }) => (whole[at] ? [[whole[at][0], usual] as const] : [])));
}

export function spikeText(usual: number, numbers: NumberFormat): string {
  return t("Spike: otherwise {usual} on average", { usual: numbers.value(usual, "decimal") });
}
