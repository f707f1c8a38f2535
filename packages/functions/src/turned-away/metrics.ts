import { HOUR_MS, MillraceError, span, TIME_BUDGETS, within } from "@millrace/core";
import { AwsClient } from "aws4fetch";
import * as z from "zod";
import { optionalSetting } from "../config.ts";
import { roleCredentials } from "../role.ts";

/** One of AWS's own counts. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/**
 * Sums of some metrics by UTC hour (its start, milliseconds), for the hours that start in [from, to). An hour that a metric has no
 * count of is left out, as AWS leaves it out.
 * @throws MillraceError `ServiceUnavailable` when CloudWatch refuses, or does not answer in time
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

/**
 * CloudWatch's metrics of a region, asked over plain `fetch`: Amazon's client is a hundred operations for this one.
 * `CLOUDWATCH_URL` names another server (tests).
 */
export function openMetrics(region: string): ReadMetrics {
  const client = new AwsClient({ ...roleCredentials(), region, service: "monitoring", retries: 0 });
  const url = optionalSetting("CLOUDWATCH_URL") ?? `https://monitoring.${region}.amazonaws.com`;
  return (metrics, from, to) =>
    span("cloudwatch.get", undefined, () =>
      within(TIME_BUDGETS.metrics, "CloudWatch", async (signal) => {
        const response = await client.fetch(url, {
          method: "POST",
          headers: {
            "content-type": "application/x-amz-json-1.0",
            "x-amz-target": "GraniteServiceVersion20100801.GetMetricData",
          },
          body: JSON.stringify(requestOf(metrics, from, to)),
          signal,
        });
        const text = await response.text();
        if (response.ok) return sumsOf(answerSchema.parse(JSON.parse(text)));
        throw new MillraceError("ServiceUnavailable", "CloudWatch does not tell its counts.", {
          context: { status: response.status, answer: text.slice(0, 500) },
        });
      }),
    );
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
