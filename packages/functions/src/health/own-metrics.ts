import { CHECKS, OWN_METRICS, type CheckName, type CheckState, type HealthCheck } from "@millrace/ops";

/**
 * What the stage measured and CloudWatch cannot, as a line of its log that CloudWatch reads as metrics (embedded metric format): the alarms are then
 * made of them as of all others. It takes no right and no call. Undefined: nothing of that was measured.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function metricsLine(states: readonly CheckState[], stage: string, now: number): string | undefined {
  const values = states.flatMap(({ check, value }) => {
    const metric = ownMetric(check);
    return metric === undefined || value === null ? [] : [[metric, value] as const];
  });
  if (values.length === 0) return undefined;
  const Metrics = values.map(([Name]) => ({ Name }));
  return JSON.stringify({
    _aws: { Timestamp: now, CloudWatchMetrics: [{ Namespace: OWN_METRICS, Dimensions: [["Stage"]], Metrics }] },
    Stage: stage,
    ...Object.fromEntries(values),
  });
}

function ownMetric(check: CheckName): string | undefined {
  const { metric }: HealthCheck = CHECKS[check];
  return metric?.namespace === OWN_METRICS ? metric.metric : undefined;
}
