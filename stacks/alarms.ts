import { api } from "./api.ts";
import { functions } from "./lambda.ts";
import { deadLetters, queue } from "./queue.ts";
import { topic } from "./slack.ts";
import { domainSize, named, stage } from "./stage.ts";
import { watchedDomain } from "./store.ts";

type Dimensions = Record<string, $util.Input<string>>;

interface Rule {
  readonly metric: string;
  /** Further metrics, all of which only ever grow until the service starts anew: what counts is how much they grew together. */
  readonly grownWith?: readonly string[];
  /** Default: Maximum. `p99` and the like are percentiles. */
  readonly statistic?: string;
  readonly above?: number;
  readonly below?: number;
  /** Breaching minutes of how many (M of N): one bad minute is rarely worth waking somebody. Default 1 of 1. */
  readonly minutes?: readonly [breaching: number, of: number];
  /** No data counts as bad. */
  readonly missingIsBad?: boolean;
}

function alarm(name: string, text: string, namespace: string, dimensions: Dimensions, rule: Rule): void {
  const statistic = rule.statistic ?? "Maximum";
  const [breaching, of] = rule.minutes ?? [1, 1];
  new aws.cloudwatch.MetricAlarm(`${name}Alarm`, {
    name: named(name.replace(/(?<=[a-z])(?=[A-Z])/g, "-").toLowerCase()),
    alarmDescription: text,
    ...(rule.grownWith
      ? { metricQueries: growth(namespace, dimensions, [rule.metric, ...rule.grownWith]) }
      : {
          namespace,
          metricName: rule.metric,
          dimensions,
          ...(statistic.startsWith("p") ? { extendedStatistic: statistic } : { statistic }),
          period: 60,
        }),
    datapointsToAlarm: breaching,
    evaluationPeriods: of,
    comparisonOperator: rule.below === undefined ? "GreaterThanThreshold" : "LessThanThreshold",
    threshold: rule.below ?? rule.above ?? 0,
    treatMissingData: rule.missingIsBad ? "breaching" : "notBreaching",
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

const dead = { QueueName: deadLetters.nodes.queue.name };
alarm("DeadLetters", "Messages gave up. Nothing is lost yet: look at one, fix the cause, redrive.", "AWS/SQS", dead, {
  metric: "ApproximateNumberOfMessagesVisible",
});

const main = { QueueName: queue.nodes.queue.name };
alarm("Lag", "Events wait for more than five minutes before they are stored.", "AWS/SQS", main, {
  metric: "ApproximateAgeOfOldestMessage",
  above: 300,
  minutes: [3, 5],
});
alarm("Backlog", "More messages wait than ten minutes of traffic at the gateway's limit.", "AWS/SQS", main, {
  metric: "ApproximateNumberOfMessagesVisible",
  above: stage.requestsPerSecond * 600,
});

for (const { name, timeoutSeconds, function: made } of functions) {
  const of = { FunctionName: made.name };
  alarm(`${name}Errors`, `${name} fails. Its log has one line per execution, with the error.`, "AWS/Lambda", of, {
    metric: "Errors",
    statistic: "Sum",
    minutes: ["Ingest", "Query", "Collector"].includes(name) ? [3, 5] : [1, 1],
  });
  alarm(`${name}Throttles`, `${name} is not allowed to run as often as it is asked to.`, "AWS/Lambda", of, {
    metric: "Throttles",
    statistic: "Sum",
    minutes: [2, 3],
  });
  alarm(`${name}Slow`, `${name} needs more than 80 % of the time it has.`, "AWS/Lambda", of, {
    metric: "Duration",
    statistic: "p99",
    above: timeoutSeconds * 800,
    minutes: [3, 5],
  });
}

const http = { ApiId: api.nodes.api.id };
alarm("ApiErrors", "More than one request in a hundred ends with a 5xx.", "AWS/ApiGateway", http, {
  metric: "5xx",
  statistic: "Average",
  above: 0.01,
  minutes: [2, 3],
});
alarm(
  "ApiRefusals",
  "More than one request in five is refused (4xx): a broken client, or a revoked key in use.",
  "AWS/ApiGateway",
  http,
  {
    metric: "4xx",
    statistic: "Average",
    above: 0.2,
    minutes: [10, 15],
  },
);
if (stage.alarmOnSilence) {
  alarm("Silence", "No request for 15 minutes.", "AWS/ApiGateway", http, {
    metric: "Count",
    statistic: "Sum",
    below: 1,
    minutes: [15, 15],
    missingIsBad: true,
  });
}

if (watchedDomain !== undefined) storeAlarms(watchedDomain, (await aws.getCallerIdentity()).accountId);

function storeAlarms(DomainName: $util.Input<string>, ClientId: string): void {
  const store = (name: string, text: string, rule: Rule) =>
    alarm(`Store${name}`, text, "AWS/ES", { DomainName, ClientId }, rule);
  store("Red", "A primary shard is missing: some events can neither be read nor written.", {
    metric: "ClusterStatus.red",
  });
  store("Yellow", "A replica is missing.", { metric: "ClusterStatus.yellow", minutes: [15, 15] });
  store("Blocked", "The domain refuses writes (disk or memory). The queue keeps events for two weeks.", {
    metric: "ClusterIndexWritesBlocked",
  });
  store("Disk", "Less than a quarter of a node's disk is free.", {
    metric: "FreeStorageSpace",
    statistic: "Minimum",
    below: domainSize.diskGb * 1024 * 0.25,
    minutes: [5, 5],
  });
  // The young generation fills and empties all the time: only what outlived it says that memory is short.
  store("Memory", "What stays in the JVM's memory fills 80 % of it: time for the next size.", {
    metric: "OldGenJVMMemoryPressure",
    above: 80,
    minutes: [15, 15],
  });
  store("MemoryFull", "JVM memory above 95 %: the service is about to block writes.", {
    metric: "JVMMemoryPressure",
    above: 95,
    minutes: [3, 3],
  });
  store("Cpu", "CPU above 80 % for 15 minutes.", { metric: "CPUUtilization", above: 80, minutes: [15, 15] });
  store("Rejections", "The domain turns writes away. The collector retries; fewer collectors may be faster.", {
    metric: "PrimaryWriteRejected",
    grownWith: ["CoordinatingWriteRejected", "ReplicaWriteRejected"],
    minutes: [3, 5],
  });
  store("Snapshots", "The automatic snapshot failed.", { metric: "AutomatedSnapshotFailure" });
}
