import type { HealthCheck } from "../packages/ops/src/health/check.ts";
import { CHECKS, type CheckName } from "../packages/ops/src/health/checks.ts";
import { api } from "./api.ts";
import { functions } from "./lambda.ts";
import { deadLetters, queue } from "./queue.ts";
import { OWN_CHECKS, STORE_CHECKS } from "./shape.ts";
import { topic } from "./slack.ts";
import { domainSize, named, stage } from "./stage.ts";
import { watchedDomain } from "./store.ts";

type Dimensions = Record<string, $util.Input<string>>;

interface Alarm {
  readonly check: CheckName;
  readonly dimensions: Dimensions;
  /** Default: the check's own. */
  readonly limit?: number;
  /** Minutes, where this one is looked at differently. */
  readonly minutes?: readonly [breaching: number, of: number];
  /** Whose it is, where the check is made for several. */
  readonly of?: string;
}

/** An alarm as the table of checks describes it: what is measured, from where on, why it matters and what to do. */
function alarm(name: string, { check: checkName, dimensions, limit, minutes, of: whose }: Alarm): void {
  const check: HealthCheck = CHECKS[checkName];
  if (!check.metric) throw new Error(`${checkName} has no metric of AWS.`);
  const { namespace, metric, grownWith, statistic = "Maximum", period = 60, missingIsBad } = check.metric;
  const [breaching, of] = minutes ?? check.minutes ?? [1, 1];
  const text = `${whose === undefined ? "" : `${whose}: `}${check.why} ${check.todo}`;
  new aws.cloudwatch.MetricAlarm(`${name}Alarm`, {
    name: named(name.replace(/(?<=[a-z])(?=[A-Z])/g, "-").toLowerCase()),
    alarmDescription: text,
    ...(grownWith
      ? { metricQueries: growth(namespace, dimensions, [metric, ...grownWith]) }
      : {
          namespace,
          metricName: metric,
          dimensions,
          ...(statistic.startsWith("p") ? { extendedStatistic: statistic } : { statistic }),
          period,
        }),
    datapointsToAlarm: breaching,
    evaluationPeriods: of,
    comparisonOperator: check.runsOut ? "LessThanThreshold" : "GreaterThanThreshold",
    threshold: limit ?? check.critical,
    treatMissingData: missingIsBad ? "breaching" : "notBreaching",
    alarmActions: [topic.arn],
    okActions: [topic.arn],
  });
}

/** How much counters grew in a minute. Without the difference one event since the service's start would be an alarm for ever. */
function growth(namespace: string, dimensions: Dimensions, metrics: readonly string[]) {
  return [
    ...metrics.map((metricName, index) => ({
      id: `m${index}`,
      metric: { namespace, metricName, dimensions, stat: "Sum", period: 60 },
    })),
    {
      id: "grown",
      expression: metrics.map((_, index) => `DIFF(m${index})`).join(" + "),
      label: "grown",
      returnData: true,
    },
  ];
}

alarm("DeadLetters", { check: "DeadLetters", dimensions: { QueueName: deadLetters.nodes.queue.name } });

const events = { QueueName: queue.nodes.queue.name };
alarm("Lag", { check: "Lag", dimensions: events });
alarm("Backlog", { check: "Backlog", dimensions: events, limit: stage.requestsPerSecond * 600 });

/** Those that are asked all the time: one failure in a minute is not yet news. */
const BUSY = ["Ingest", "Query", "Collector"];

for (const { name, timeoutSeconds, function: made } of functions) {
  const of = { dimensions: { FunctionName: made.name }, of: name };
  alarm(`${name}Errors`, { check: "FunctionErrors", ...of, minutes: BUSY.includes(name) ? [3, 5] : [1, 1] });
  alarm(`${name}Throttles`, { check: "FunctionThrottles", ...of });
  alarm(`${name}Slow`, { check: "FunctionSlow", ...of, limit: timeoutSeconds * 800 });
}

const http = { ApiId: api.nodes.api.id };
alarm("ApiErrors", { check: "ApiErrors", dimensions: http });
alarm("ApiRefusals", { check: "ApiRefusals", dimensions: http });
if (stage.alarmOnSilence) alarm("Silence", { check: "Silence", dimensions: http });

// By the name that the function `health` prints with them.
for (const check of OWN_CHECKS) alarm(check, { check, dimensions: { Stage: `${$app.name}-${$app.stage}` } });

if (watchedDomain !== undefined) storeAlarms(watchedDomain, (await aws.getCallerIdentity()).accountId);

function storeAlarms(DomainName: $util.Input<string>, ClientId: string): void {
  const dimensions = { DomainName, ClientId };
  const diskLimit = domainSize.diskGb * 1024 * 0.25;
  for (const check of STORE_CHECKS)
    alarm(check, { check, dimensions, ...(check === "StoreDisk" && { limit: diskLimit }) });
}
