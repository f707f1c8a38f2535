import { LOG_FILTER } from "../packages/ops/src/executions/log-filter.ts";
import { functions, lambda } from "./lambda.ts";
import { sized } from "./queue.ts";
import { otlpHeaders } from "./secrets.ts";
import { named, stage } from "./stage.ts";
import { findExecutions, storeAddress, writeExecutions } from "./store.ts";
import { prepared } from "./upkeep.ts";

const { accountId } = await aws.getCallerIdentity();
const { region } = await aws.getRegion();

const SECONDS = 60;

/**
 * Batches of lines that Lambda tried three times, while the store was away. They are tried again every few minutes, for two weeks; what is
 * longer away is still in the log.
 */
const late = new sst.aws.Queue("LateExecutions", {
  visibilityTimeout: `${6 * SECONDS} seconds`,
  transform: { queue: sized },
});

/** The forwarder: lines of logs become executions that can be searched. It reaches no event, and nothing in a request waits for it. */
export const executions = lambda("Executions", {
  memory: "256 MB",
  timeout: `${SECONDS} seconds`,
  permissions: [
    ...writeExecutions,
    ...findExecutions,
    {
      actions: ["sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
      resources: [late.arn],
    },
  ],
  environment: {
    ...storeAddress,
    EXECUTIONS_SAMPLED: stage.sampledFunctions.join(","),
    ...(stage.otlp && {
      OTEL_EXPORTER_OTLP_ENDPOINT: stage.otlp.endpoint,
      OTEL_TRACES_SAMPLER_ARG: String(stage.otlp.ratio),
    }),
  },
  link: [otlpHeaders],
  inNetwork: true,
  after: prepared,
});

new aws.lambda.FunctionEventInvokeConfig("ExecutionsRetries", {
  functionName: executions.name,
  maximumRetryAttempts: 2,
  destinationConfig: { onFailure: { destination: late.arn } },
});

late.subscribe(executions.arn, {
  batch: { size: 10, partialResponses: true },
  transform: { eventSourceMapping: { scalingConfig: { maximumConcurrency: 2 } } },
});

/**
 * Any log of this account may be subscribed: who may do that is said by its own identities, and a permission for each group would fill
 * the function's policy with the fiftieth.
 */
const mayCall = new aws.lambda.Permission("ExecutionsOfLogs", {
  action: "lambda:InvokeFunction",
  function: executions.name,
  principal: "logs.amazonaws.com",
  sourceAccount: accountId,
  sourceArn: `arn:aws:logs:${region}:${accountId}:log-group:*`,
});

/**
 * Makes the executions of a function searchable: what `@millrace/monitor` prints, and what the platform says of runs that it ended. Its
 * log must be JSON at system level WARN or below.
 * @param name unique among them, with a capital
 * @throws Error for the forwarder itself, each of whose runs would set off the next
 */
export function monitored(name: string, made: sst.aws.Function): void {
  if (made === executions) throw new Error("The forwarder cannot forward its own log.");
  new aws.cloudwatch.LogSubscriptionFilter(
    `${name}Executions`,
    {
      name: named("executions"),
      logGroup: made.nodes.function.loggingConfig.logGroup,
      filterPattern: LOG_FILTER,
      destinationArn: executions.arn,
    },
    { dependsOn: [mayCall] },
  );
}

// Under `sst dev` they run on somebody's machine and print there.
if (!$dev) for (const { name, function: made } of functions) if (made !== executions) monitored(name, made);
