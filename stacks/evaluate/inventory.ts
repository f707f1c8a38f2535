import { at, type Graph, type Resource } from "./graph.ts";
import { statementsOfRole } from "./security.ts";

/** What a reader wants to know of each type, in the order shown. Types that are not listed are counted at the end. */
const SHOWN: Readonly<Record<string, (resource: Resource) => readonly unknown[]>> = {
  "aws:apigatewayv2/api:Api": (r) => [at(r, "protocolType")],
  "aws:apigatewayv2/route:Route": (r) => [at(r, "routeKey")],
  "aws:apigatewayv2/stage:Stage": (r) => [
    `rate ${show(at(r, "defaultRouteSettings", "throttlingRateLimit"))}/s`,
    `burst ${show(at(r, "defaultRouteSettings", "throttlingBurstLimit"))}`,
  ],
  "aws:budgets/budget:Budget": (r) => [`${show(at(r, "limitAmount"))} USD`],
  "aws:cloudfront/distribution:Distribution": (r) => [at(r, "webAclId") ? "firewall" : "no firewall"],
  "aws:cloudwatch/logGroup:LogGroup": (r) => [`${show(at(r, "retentionInDays"))} days`],
  "aws:cloudwatch/metricAlarm:MetricAlarm": (r) => [
    at(r, "metricName") ?? at(r, "metricQueries", (at(r, "metricQueries") as unknown[]).length - 1, "expression"),
    at(r, "extendedStatistic") ?? at(r, "statistic"),
    at(r, "comparisonOperator") === "LessThanThreshold" ? "<" : ">",
    at(r, "threshold"),
    `${show(at(r, "datapointsToAlarm"))} of ${show(at(r, "evaluationPeriods"))}${at(r, "period") === 900 ? " times 15" : ""} min`,
  ],
  "aws:dynamodb/table:Table": (r) => [
    at(r, "deletionProtectionEnabled") ? "deletion protection" : "",
    at(r, "pointInTimeRecovery", "enabled") === true ? "point-in-time recovery" : "no recovery",
  ],
  "aws:iam/role:Role": (r) =>
    statementsOfRole(r).map(
      (s) =>
        `\n    ${s.actions.join(", ")}\n      on ${s.resources.map(short).join(", ")}${s.conditions === "{}" ? "" : `\n      if ${s.conditions}`}`,
    ),
  "aws:lambda/eventSourceMapping:EventSourceMapping": (r) => [
    `batch ${show(at(r, "batchSize"))}`,
    `window ${show(at(r, "maximumBatchingWindowInSeconds"))} s`,
    `at most ${show(at(r, "scalingConfig", "maximumConcurrency"))} at once`,
    at(r, "functionResponseTypes"),
  ],
  "aws:lambda/function:Function": (r) => [
    `${show(at(r, "memorySize"))} MB`,
    `${show(at(r, "timeout"))} s`,
    at(r, "reservedConcurrentExecutions") === undefined
      ? ""
      : `reserved ${show(at(r, "reservedConcurrentExecutions"))}`,
  ],
  "aws:opensearch/domain:Domain": (r) => [
    at(r, "engineVersion"),
    `${show(at(r, "clusterConfig", "instanceCount"))} x ${show(at(r, "clusterConfig", "instanceType"))}`,
    `${show(at(r, "ebsOptions", "volumeSize"))} GB`,
  ],
  "aws:s3/bucket:Bucket": () => [],
  "aws:scheduler/schedule:Schedule": (r) => [at(r, "scheduleExpression")],
  "aws:sns/topic:Topic": () => [],
  "aws:sqs/queue:Queue": (r) => [
    `visible again after ${show(at(r, "visibilityTimeoutSeconds"))} s`,
    `${show(at(r, "maxMessageSize"))} bytes`,
    /"maxReceiveCount":\d+/.exec(String(at(r, "redrivePolicy")))?.[0] ?? "no dead-letter queue of its own",
  ],
  "aws:wafv2/webAcl:WebAcl": (r) => [
    `${show(at(r, "rules", 0, "statement", "rateBasedStatement", "limit"))} requests per address in 5 min, then ${show(at(r, "rules", 0, "action", "block", "customResponse", "responseCode"))}`,
  ],
};

/** The stage as text, one line per resource, sorted: what a pull request shows when somebody changes it. */
export function inventory(graph: Graph): string {
  const real = graph.filter(({ type }) => type.startsWith("aws:"));
  const lines = real
    .filter(({ type }) => type in SHOWN)
    .map((resource) => {
      const guard = [resource.protect && "protected", resource.retainOnDelete && "retained"];
      const facts = [...(SHOWN[resource.type]?.(resource) ?? []), ...guard].filter(Boolean).map(show);
      return `${kind(resource)} ${resource.name}${facts.length > 0 ? `: ${facts.join(", ")}` : ""}`;
    });
  const counts = new Map<string, number>();
  for (const resource of real.filter(({ type }) => !(type in SHOWN)))
    counts.set(kind(resource), (counts.get(kind(resource)) ?? 0) + 1);
  const rest = [...counts].map(([type, count]) => `and ${count} x ${type}`);
  return [...lines.sort(), ...rest.sort(), ""].join("\n");
}

function kind({ type }: Resource): string {
  const [, service, name] = /^aws:(\w+)\/\w+:(\w+)/.exec(type) ?? [];
  return `${service}.${name}`;
}

function show(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : JSON.stringify(value);
}

function short(arn: string): string {
  return arn.replace(/^arn:aws:(\w+):[^:]*:\d*:/, "$1:");
}
