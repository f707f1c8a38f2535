import { targetOf, UnknownCall, type Account, type Call, type Incoming } from "./call.ts";

/** Metrics have no resources. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html */
export function cloudWatchCall(request: Incoming, _account: Account): Call {
  const operation = targetOf(request, "GraniteServiceVersion20100801");
  if (operation !== "GetMetricData") throw new UnknownCall(`CloudWatch's ${operation} is not known here.`);
  const needs = [{ action: `cloudwatch:${operation}`, resource: "*", context: {} }];
  return { service: "monitoring", operation, needs, target: "metrics" };
}
