import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from "@aws-sdk/client-sqs";
import type { BatchResultErrorEntry, Message, SQSClient } from "@aws-sdk/client-sqs";
import { MillraceError, span, TIME_BUDGETS, within } from "@millrace/core";
import type { Queue, ReceivedMessage } from "@millrace/core";

export interface SqsQueueOptions {
  readonly client: SQSClient;
  /** URL of a standard queue; its redrive policy says when a message is dead. */
  readonly url: string;
  /** URL of its dead-letter queue, for `bury` and `stats().dead`; without it the one refuses and the other is 0. */
  readonly deadLetterUrl?: string;
}

/** What SQS takes in one batch and gives in one receive. */
const BATCH = 10;
const MAX_WAIT_SECONDS = 20;

/**
 * The queue port on SQS. Times are rounded up to SQS's whole seconds. `stats().oldestAgeMs` is always null: SQS tells the age only
 * to CloudWatch (`ApproximateAgeOfOldestMessage`). The client stays the caller's: `close` does not destroy it.
 */
export function createSqsQueue({ client, url, deadLetterUrl }: SqsQueueOptions): Queue {
  const receiveUpTo10 = async (max: number, visibilityMs: number, waitMs: number): Promise<Message[]> => {
    const waitSeconds = Math.min(MAX_WAIT_SECONDS, seconds(waitMs));
    const command = new ReceiveMessageCommand({
      QueueUrl: url,
      MaxNumberOfMessages: max,
      VisibilityTimeout: seconds(visibilityMs),
      WaitTimeSeconds: waitSeconds,
      MessageSystemAttributeNames: ["ApproximateReceiveCount", "SentTimestamp", "MessageGroupId"],
    });
    const budgetMs = TIME_BUDGETS.queue + waitSeconds * 1000;
    return (await call("sqs.receive", {}, (options) => client.send(command, options), budgetMs)).Messages ?? [];
  };

  const setVisibility = async (receipts: readonly string[], visibilityMs: number): Promise<void> => {
    await inBatches("sqs.change_visibility", receipts, (entries, options) =>
      client.send(
        new ChangeMessageVisibilityBatchCommand({
          QueueUrl: url,
          Entries: entries.map((entry) => ({ ...entry, VisibilityTimeout: seconds(visibilityMs) })),
        }),
        options,
      ),
    );
  };

  const sendTo = async (target: string, body: string, group: string): Promise<void> => {
    // A group on a standard queue makes it a fair queue: a backlog of one group does not hold up the others.
    const command = new SendMessageCommand({ QueueUrl: target, MessageBody: body, MessageGroupId: group || undefined });
    await call("sqs.send", { "messaging.message.body.size": body.length }, (options) => client.send(command, options));
  };

  const ack = (receipts: readonly string[]): Promise<void> =>
    inBatches("sqs.delete", receipts, (entries, options) =>
      client.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries: entries }), options),
    );

  return {
    send: ({ body, group }) => sendTo(url, body, group),
    async receive({ max, visibilityMs, waitMs = 0 }) {
      const messages = await receiveUpTo10(Math.min(max, BATCH), visibilityMs, waitMs);
      let full = messages.length === BATCH;
      while (full && messages.length < max) {
        const asked = Math.min(max - messages.length, BATCH);
        // What was received already must be handled even if the next request fails.
        const more = await receiveUpTo10(asked, visibilityMs, 0).catch(() => []);
        messages.push(...more);
        full = more.length === BATCH;
      }
      return messages.map(toReceived);
    },
    ack,
    nack: setVisibility,
    extend: setVisibility,
    async bury(messages) {
      if (deadLetterUrl === undefined) {
        throw new MillraceError("ServiceUnavailable", "This queue was opened without its dead-letter queue.");
      }
      // One by one: a batch of SQS holds 1 MiB together, which a single message may have.
      // Each is acknowledged before the next: one that cannot be moved must not bring those back that were.
      for (const { body, group, receipt } of messages) {
        await sendTo(deadLetterUrl, body, group);
        await ack([receipt]);
      }
    },
    async stats() {
      const [live, dead] = await Promise.all([
        depth(client, url),
        deadLetterUrl ? depth(client, deadLetterUrl) : undefined,
      ]);
      return { ...live, dead: dead === undefined ? 0 : dead.visible + dead.inFlight, oldestAgeMs: null };
    },
    close: () => Promise.resolve(),
  };
}

type Entry = { Id: string; ReceiptHandle: string };

/**
 * Runs a batch call for every ten receipts and reads `Failed`, which comes with a 200. What only says that the receipt is stale
 * is no failure: the port ignores stale receipts.
 */
async function inBatches(
  name: string,
  receipts: readonly string[],
  request: (entries: Entry[], options: CallOptions) => Promise<{ Failed?: BatchResultErrorEntry[] | undefined }>,
): Promise<void> {
  const batches: Entry[][] = [];
  for (let start = 0; start < receipts.length; start += BATCH) {
    const batch = receipts.slice(start, start + BATCH);
    batches.push(batch.map((receipt, index) => ({ Id: String(index), ReceiptHandle: receipt })));
  }
  const attributes = { "messaging.batch.message_count": receipts.length };
  await call(name, attributes, async (options) => {
    const answers = await Promise.all(batches.map((entries) => request(entries, options)));
    const failed = answers.flatMap(({ Failed = [] }) => Failed).filter((entry) => !isStale(entry));
    if (failed.length === 0) return;
    const codes = [...new Set(failed.map(({ Code }) => Code))].join(", ");
    throw new Error(`${failed.length} of ${receipts.length} entries failed: ${codes}`);
  });
}

/** Deleted, expired or handed out anew since: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html */
function isStale({ Code = "" }: BatchResultErrorEntry): boolean {
  return /(ReceiptHandleIsInvalid|InvalidParameterValue|MessageNotInflight)$/.test(Code);
}

async function depth(client: SQSClient, url: string): Promise<{ visible: number; inFlight: number }> {
  const command = new GetQueueAttributesCommand({
    QueueUrl: url,
    AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
  });
  const { Attributes } = await call("sqs.attributes", {}, (options) => client.send(command, options));
  return {
    visible: Number(Attributes?.ApproximateNumberOfMessages ?? 0),
    inFlight: Number(Attributes?.ApproximateNumberOfMessagesNotVisible ?? 0),
  };
}

interface CallOptions {
  readonly abortSignal: AbortSignal;
}

/** A request to SQS as a span and within its time budget, its failures as ours. The SDK has retried what it can by then. */
async function call<T>(
  name: string,
  attributes: Record<string, number>,
  work: (options: CallOptions) => Promise<T>,
  budgetMs: number = TIME_BUDGETS.queue,
): Promise<T> {
  try {
    return await span(name, { "messaging.system": "aws_sqs", ...attributes }, () =>
      within(budgetMs, "The queue", (abortSignal) => work({ abortSignal })),
    );
  } catch (cause) {
    throw new MillraceError("ServiceUnavailable", "The queue cannot take or give messages now.", {
      cause,
      context: { call: name, reason: cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause) },
    });
  }
}

function toReceived(message: Message): ReceivedMessage {
  return {
    id: message.MessageId ?? "",
    receipt: message.ReceiptHandle ?? "",
    body: message.Body ?? "",
    group: message.Attributes?.MessageGroupId ?? "",
    receiveCount: Number(message.Attributes?.ApproximateReceiveCount ?? 1),
    sentAt: Number(message.Attributes?.SentTimestamp ?? 0),
  };
}

/** Whole seconds, up to the 12 hours that SQS can hide a message. */
function seconds(ms: number): number {
  return Math.min(Math.ceil(ms / 1000), 43_200);
}
