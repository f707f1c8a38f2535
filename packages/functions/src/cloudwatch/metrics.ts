import { HOUR_MS } from "@millrace/core";
import * as z from "zod";
import type { AskCloudWatch } from "./ask.ts";

/** One of AWS's own counts. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/**
 * Sums of some metrics by UTC hour (its start, milliseconds), for the hours that start in [from, to). An hour that a metric has no
 * count of is left out, as AWS leaves it out.
 * @throws what {@link AskCloudWatch} throws
 */
export type ReadMetrics = (
  metrics: Readonly<Record<string, Metric>>,
  from: number,
  to: number,
) => Promise<ReadonlyMap<number, Readonly<Record<string, number>>>>;

const answerSchema = z.object({
  MetricDataResults: z.array(
    z.object({
      Id: z.string(),
      /** Seconds. */
      Timestamps: z.array(z.number()),
      Values: z.array(z.number()),
    }),
  ),
});

export function metricsReader(ask: AskCloudWatch): ReadMetrics {
  return async (metrics, from, to) =>
    sumsOf(answerSchema.parse(await ask("GetMetricData", requestOf(metrics, from, to))));
}

function requestOf(metrics: Readonly<Record<string, Metric>>, from: number, to: number): object {
  return {
    StartTime: from / 1000,
    EndTime: to / 1000,
    MetricDataQueries: Object.entries(metrics).map(([id, { namespace, name, dimensions }]) => ({
      Id: id,
      MetricStat: {
        Metric: {
          Namespace: namespace,
          MetricName: name,
          Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
        },
        Period: HOUR_MS / 1000,
        Stat: "Sum",
      },
    })),
  };
}

function sumsOf({ MetricDataResults }: z.infer<typeof answerSchema>): Map<number, Record<string, number>> {
  const hours = new Map<number, Record<string, number>>();
  for (const { Id, Timestamps, Values } of MetricDataResults)
    for (const [index, seconds] of Timestamps.entries()) {
      const hour = seconds * 1000;
      hours.set(hour, { ...hours.get(hour), [Id]: Values[index] ?? 0 });
    }
  return hours;
}
