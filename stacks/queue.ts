import { kept, stage } from "./stage.ts";

/** Seconds the collector may take for one batch. */
export const COLLECTOR_SECONDS = 60;
/** AWS's rule: six times the function's timeout and the window, so that a throttled batch is tried again before it counts as failed. */
const VISIBILITY_SECONDS = 6 * COLLECTOR_SECONDS + stage.windowSeconds;
/** An unstorable event never fails its message, so this guards only against our own crashes: the delays between 100 tries are about 9.1 hours of outage. */
const RECEIVES_BEFORE_DEAD = 100;

/** One request is one message. AWS's provider would send its old limit of 256 KiB; two weeks is the longest SQS keeps anything. */
export function sized(args: aws.sqs.QueueArgs, options: $util.CustomResourceOptions): undefined {
  args.maxMessageSize = 1_048_576;
  args.messageRetentionSeconds = 14 * 24 * 3600;
  args.sqsManagedSseEnabled = true;
  Object.assign(options, kept);
}

/** Messages that were received a hundred times, or that nobody can read. Whatever lies here is an alarm; nothing leaves it unseen. */
export const deadLetters = new sst.aws.Queue("DeadLetters", { transform: { queue: sized } });

/** Between ingest and collector. A standard queue with a message group per project: a noisy tenant does not hold up the others. */
export const queue = new sst.aws.Queue("Events", {
  visibilityTimeout: `${VISIBILITY_SECONDS} seconds`,
  dlq: { queue: deadLetters.arn, retry: RECEIVES_BEFORE_DEAD },
  transform: { queue: sized },
});

/** How the collector is fed. `maximumConcurrency` is the throttle; reserved concurrency alone would send good events to the DLQ. */
export const feed = {
  batch: {
    size: 100,
    window: stage.windowSeconds === 1 ? "1 second" : `${stage.windowSeconds} seconds`,
    partialResponses: true,
  },
  transform: {
    eventSourceMapping: {
      scalingConfig: { maximumConcurrency: stage.collectors },
      metricsConfig: { metrics: ["EventCount"] },
    },
  },
} satisfies sst.aws.QueueSubscriberArgs;

/** Permission to read dead letters and give them back: SQS cannot be asked what is in a queue. */
export const readDeadLetters = {
  actions: ["sqs:ReceiveMessage", "sqs:ChangeMessageVisibility"],
  resources: [deadLetters.arn],
};
