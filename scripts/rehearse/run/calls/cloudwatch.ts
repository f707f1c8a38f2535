import { targetOf, UnknownCall, type Account, type Call, type Incoming } from "./call.ts";

/** Metrics have no resources; a list of alarms is one of all of them. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html */
export function cloudWatchCall(request: Incoming, { id, region }: Account): Call {
  const operation = targetOf(request, "GraniteServiceVersion20100801");
  const resources: Readonly<Record<string, string>> = {
    GetMetricData: "*",
    DescribeAlarms: `arn:aws:cloudwatch:${region}:${id}:alarm:*`,
  };
  const resource = resources[operation];
  if (resource === undefined) throw new UnknownCall(`CloudWatch's ${operation} is not known here.`);
  const needs = [{ action: `cloudwatch:${operation}`, resource, context: {} }];
  return { service: "monitoring", operation, needs, target: operation === "DescribeAlarms" ? "alarms" : "metrics" };
}
