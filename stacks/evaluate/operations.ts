import { archiveFindings } from "./archive.ts";
import { edgeFindings } from "./edge-findings.ts";
import { holdsSalts } from "./security.ts";
import { at, ofType, type Graph, type Resource } from "./graph.ts";

/** What of this stage would fail, or fail unseen, in operation; one sentence each, empty when nothing would. */
export function operationsFindings(graph: Graph): string[] {
  return [
    ...queues(graph),
    ...mappings(graph),
    ...functions(graph),
    ...gateway(graph),
    ...alarms(graph),
    ...archiveFindings(graph),
    ...edgeFindings(graph),
    ...order(graph),
    ...domains(graph),
    ...subscriptions(graph),
  ];
}

/** What must outlive a mistake in a stage that keeps its data. */
export function retentionFindings(graph: Graph): string[] {
  const holders = [
    ...ofType(graph, "aws:sqs/queue:Queue"),
    ...ofType(graph, "aws:opensearch/domain:Domain"),
    ...ofType(graph, "aws:s3/bucket:Bucket").filter(({ name }) => name.startsWith("Archive")),
  ];
  const tables = ofType(graph, "aws:dynamodb/table:Table").filter((table) => !holdsSalts(table));
  return [
    ...holders.filter((each) => !each.protect).map(({ name }) => `${name} is not protected.`),
    ...[...holders, ...tables]
      .filter((each) => !each.retainOnDelete)
      .map(({ name }) => `${name} would be deleted with its line.`),
    ...tables
      .filter(
        (table) =>
          at(table, "deletionProtectionEnabled") !== true || at(table, "pointInTimeRecovery", "enabled") !== true,
      )
      .map(({ name }) => `${name} can be deleted by hand, or not be restored.`),
    ...(ofType(graph, "aws:s3/bucket:Bucket").some(({ name }) => name.startsWith("Archive"))
      ? []
      : ["There is no archive."]),
  ];
}

const MIB = 1_048_576;
const TWO_WEEKS = 14 * 24 * 3600;

function queues(graph: Graph): string[] {
  const all = ofType(graph, "aws:sqs/queue:Queue");
  const policies = all.flatMap((queue) => {
    const policy = at(queue, "redrivePolicy");
    return typeof policy === "string"
      ? [JSON.parse(policy) as { deadLetterTargetArn: string; maxReceiveCount: number }]
      : [];
  });
  const isDeadLetters = (queue: Resource) =>
    policies.some((policy) => policy.deadLetterTargetArn.endsWith(`:${queue.name}`));
  // What a log has as well, it may lose after two weeks of trying.
  const isDestination = (queue: Resource) =>
    ofType(graph, "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig").some((config) =>
      String(at(config, "destinationConfig", "onFailure", "destination")).endsWith(`:${queue.name}`),
    );
  return all.flatMap((queue) => [
    ...(isDeadLetters(queue) || isDestination(queue) || at(queue, "redrivePolicy")
      ? []
      : [`${queue.name} has no dead-letter queue.`]),
    ...(isDeadLetters(queue) && !alarmOn(graph, "ApproximateNumberOfMessagesVisible", at(queue, "name"))
      ? [`Nobody hears of messages in ${queue.name}.`]
      : []),
    ...(at(queue, "maxMessageSize") === MIB ? [] : [`${queue.name} refuses messages that ingest sends (up to 1 MiB).`]),
    ...(at(queue, "messageRetentionSeconds") === TWO_WEEKS
      ? []
      : [`${queue.name} forgets messages before two weeks are over.`]),
    ...policies
      .filter((policy) => policy.maxReceiveCount < 5 && !isDeadLetters(queue))
      .map(() => `${queue.name} gives messages up after a short outage.`),
  ]);
}

function mappings(graph: Graph): string[] {
  return ofType(graph, "aws:lambda/eventSourceMapping:EventSourceMapping").flatMap((mapping) => {
    const consumer = byArn(graph, at(mapping, "functionName"));
    const queue = byArn(graph, at(mapping, "eventSourceArn"));
    if (!consumer || !queue) return [`${mapping.name} joins nothing.`];
    const types = at(mapping, "functionResponseTypes");
    const maximum = Number(at(mapping, "scalingConfig", "maximumConcurrency"));
    const reserved = at(consumer, "reservedConcurrentExecutions");
    const timeout = Number(at(consumer, "timeout"));
    return [
      ...(Array.isArray(types) && types.includes("ReportBatchItemFailures")
        ? []
        : [`${mapping.name} retries a whole batch for one message.`]),
      ...(Number(at(mapping, "batchSize")) > 10 && !(Number(at(mapping, "maximumBatchingWindowInSeconds")) >= 1)
        ? [`${mapping.name} needs a window of a second for batches of more than ten.`]
        : []),
      ...(maximum >= 2
        ? []
        : [`${mapping.name} has no maximum concurrency: a backlog would hit the store with all of Lambda.`]),
      ...(reserved !== undefined && Number(reserved) < maximum
        ? [
            `${consumer.name} may run ${Number(reserved)} times and is fed ${maximum} at once: good messages would end up dead.`,
          ]
        : []),
      ...(timeout * 6 + Number(at(mapping, "maximumBatchingWindowInSeconds")) <=
      Number(at(queue, "visibilityTimeoutSeconds"))
        ? []
        : [`${queue.name} shows messages again while ${consumer.name} works on them.`]),
    ];
  });
}

function functions(graph: Graph): string[] {
  return ofType(graph, "aws:lambda/function:Function").flatMap((made) => {
    const name = at(made, "name");
    const group = ofType(graph, "aws:cloudwatch/logGroup:LogGroup").find(
      (each) => at(each, "name") === at(made, "loggingConfig", "logGroup"),
    );
    return [
      ...["Errors", "Throttles", "Duration"]
        .filter((metric) => !alarmOn(graph, metric, name))
        .map((metric) => `${made.name} has no alarm on ${metric}.`),
      ...(at(made, "loggingConfig", "logFormat") === "JSON" ? [] : [`${made.name} does not log JSON.`]),
      ...(at(made, "loggingConfig", "systemLogLevel") === "WARN"
        ? []
        : [`${made.name} pays for the platform's lines in its log.`]),
      ...(group && Number(at(group, "retentionInDays")) > 0 ? [] : [`The log of ${made.name} is kept for ever.`]),
      ...(JSON.stringify(at(made, "architectures")) === '["arm64"]' ? [] : [`${made.name} does not run on arm64.`]),
      ...(at(made, "runtime") === "nodejs24.x" ? [] : [`${made.name} does not run on Node 24.`]),
    ];
  });
}

function gateway(graph: Graph): string[] {
  const unthrottled = ofType(graph, "aws:apigatewayv2/stage:Stage").filter(
    (stage) =>
      !["throttlingRateLimit", "throttlingBurstLimit"].every(
        (limit) => Number(at(stage, "defaultRouteSettings", limit)) > 0,
      ),
  );
  const detailed = ofType(graph, "aws:apigatewayv2/stage:Stage").filter(
    (stage) => at(stage, "defaultRouteSettings", "detailedMetricsEnabled") !== false,
  );
  const cors = ofType(graph, "aws:apigatewayv2/api:Api").filter((api) => at(api, "corsConfiguration") !== undefined);
  return [
    ...unthrottled.map(({ name }) => `${name} refuses every request: both throttle numbers must be set.`),
    ...detailed.map(({ name }) => `${name} pays for metrics of each route, which no alarm asks for.`),
    // An empty one as well: AWS then answers preflights itself and allows nothing.
    ...cors.map(({ name }) => `${name} answers preflights itself and takes the CORS headers away from our answers.`),
  ];
}

/** AWS's metrics of OpenSearch that count since the service's start: above 0 once, above 0 for ever. */
const ONLY_GROW = ["PrimaryWriteRejected", "CoordinatingWriteRejected", "ReplicaWriteRejected"];

function alarms(graph: Graph): string[] {
  const all = ofType(graph, "aws:cloudwatch/metricAlarm:MetricAlarm");
  const watched = JSON.stringify(all.map(({ inputs }) => inputs["metricQueries"] ?? []));
  const store = all.filter((alarm) => at(alarm, "namespace") === "AWS/ES");
  return [
    ...all
      .filter((alarm) => !(at(alarm, "alarmActions", 0) && String(at(alarm, "name")).startsWith("millrace-")))
      .map(({ name }) => `${name} tells nobody, or has no name of its own per stage.`),
    ...store
      .filter((alarm) => ONLY_GROW.includes(String(at(alarm, "metricName"))))
      .map(({ name }) => `${name} never ends: its metric counts since the service's start.`),
    ...(store.length > 0 ? ONLY_GROW : [])
      .filter((metric) => !watched.includes(`"${metric}"`) || !watched.includes("DIFF("))
      .map((metric) => `Nobody hears of ${metric}.`),
    // It includes the young generation, which fills and empties all the time.
    ...store
      .filter((alarm) => at(alarm, "metricName") === "JVMMemoryPressure" && Number(at(alarm, "threshold")) < 95)
      .map(({ name }) => `${name} cries without need.`),
    ...store
      .filter((alarm) => at(alarm, "metricName") === "CPUCreditBalance")
      .map(({ name }) => `${name} never comes: only nodes of the T2 kind have that metric, and none is offered here.`),
  ];
}

/** What must not happen before what. */
function order(graph: Graph): string[] {
  const after = (name: string, first: string, why: string) => {
    const later = graph.filter((resource) => resource.name === name && graph.some((each) => each.name === first));
    return later.some(({ dependsOn }) => dependsOn?.includes(first)) || later.length === 0 ? [] : [why];
  };
  return [
    ...after(
      "Collector",
      "UpkeepOnDeploy",
      "The collector writes before the store has templates and mappings of its version.",
    ),
    ...["RegistryWay", "ArchiveWay", "QueueWay", "MetricsWay"].flatMap((way) =>
      after("UpkeepOnDeploy", way, `The deploy runs upkeep in a network that does not lead anywhere yet (${way}).`),
    ),
    ...after("Budget", "AlarmsPolicy", "The budget asks for a topic that does not let it in yet."),
    ...after("Store", "KibanaSignIn", "The domain asks for a sign-in page that is not there yet."),
  ];
}

/** Whose log is forwarded: everybody's, save the forwarder's own, where each line would set off the next. */
function subscriptions(graph: Graph): string[] {
  const all = ofType(graph, "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter");
  if (all.length === 0) return [];
  return ofType(graph, "aws:lambda/function:Function").flatMap((made) => {
    const group = at(made, "loggingConfig", "logGroup");
    const mine = all.filter((filter) => at(filter, "logGroup") === group);
    const toItself = mine.filter((filter) => byArn(graph, at(filter, "destinationArn"))?.name === made.name);
    const isForwarder = all.some((filter) => byArn(graph, at(filter, "destinationArn"))?.name === made.name);
    return [
      ...toItself.map(() => `${made.name} forwards its own log, and never comes to an end.`),
      ...(mine.length === 1 || isForwarder ? [] : [`The executions of ${made.name} cannot be searched.`]),
    ];
  });
}

function domains(graph: Graph): string[] {
  return ofType(graph, "aws:opensearch/domain:Domain").flatMap((domain) => [
    ...(Number(at(domain, "clusterConfig", "instanceCount")) === 2
      ? [`${domain.name} has no quorum: without one of its two nodes it may stop.`]
      : []),
    ...(at(domain, "accessPolicies") === undefined
      ? [`${domain.name} gets its policy minutes after functions use it.`]
      : []),
  ]);
}

function alarmOn(graph: Graph, metric: string, dimension: unknown): boolean {
  return ofType(graph, "aws:cloudwatch/metricAlarm:MetricAlarm").some(
    (alarm) =>
      at(alarm, "metricName") === metric &&
      Object.values((at(alarm, "dimensions") ?? {}) as object).includes(dimension),
  );
}

function byArn(graph: Graph, arn: unknown): Resource | undefined {
  const name = String(arn).split(":").at(-1);
  return graph.find((resource) => resource.name === name && !resource.type.startsWith("sst:"));
}
