import type { DeployedMapping, DeployedQueue } from "../deployed/deployment.ts";
import type { Session } from "./credentials.ts";
import type { SignedCall } from "./signed-call.ts";

export interface MappingParts {
  readonly mapping: DeployedMapping;
  readonly queue: DeployedQueue;
  /** Of the function's role: Lambda fetches messages in its name. */
  readonly session: Session;
  readonly signedCall: SignedCall;
  readonly region: string;
  /** @param fresh in a new environment */
  readonly invoke: (event: object, fresh: boolean) => Promise<unknown>;
}

/** What one batch came to. */
export interface Batch {
  /** As the function was given it. */
  readonly event: { readonly Records: readonly SqsRecord[] };
  /** Ids that the function gave back; all of them when it failed. They come again when their visibility ends. */
  readonly failed: readonly string[];
  /** The function's error. */
  readonly error: Error | undefined;
}

export interface SqsRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
}

interface Message {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  readonly MD5OfBody: string;
  readonly Attributes: Readonly<Record<string, string>>;
}

/** What one ReceiveMessage or DeleteMessageBatch takes. */
const AT_ONCE = 10;

/**
 * Lambda's event-source mapping for SQS, by the deployed parameters: it gathers a batch until it is full, the window is over or
 * nothing more comes; deletes what the function did not give back; leaves the rest to the queue. Driven by hand: each call handles
 * one batch.
 * @returns undefined when the queue had nothing
 */
export function createMapping({ mapping, queue, session, signedCall, region, invoke }: MappingParts) {
  const partial = mapping.FunctionResponseTypes?.includes("ReportBatchItemFailures") ?? false;
  const QueueUrl = `https://sqs.${region}.amazonaws.com${new URL(queue.url).pathname}`;
  const sqs = (operation: string, body: object) =>
    signedCall(session, { service: "sqs", target: `AmazonSQS.${operation}`, body: { QueueUrl, ...body } });

  async function gather(): Promise<Message[]> {
    const messages: Message[] = [];
    while (messages.length < mapping.BatchSize) {
      const MaxNumberOfMessages = Math.min(AT_ONCE, mapping.BatchSize - messages.length);
      const { Messages = [] } = (await sqs("ReceiveMessage", { MaxNumberOfMessages, AttributeNames: ["All"] })) as {
        Messages?: Message[];
      };
      messages.push(...Messages);
      if (Messages.length === 0) break;
    }
    return messages;
  }

  return async ({ fresh = false }: { readonly fresh?: boolean } = {}): Promise<Batch | undefined> => {
    // By the queue's length Lambda decides how many pollers it needs.
    await sqs("GetQueueAttributes", { AttributeNames: ["ApproximateNumberOfMessages"] });
    const messages = await gather();
    if (messages.length === 0) return undefined;
    const event = { Records: messages.map((message) => record(message, queue.arn, region)) };
    const { failed, error } = await outcome(event, partial, () => invoke(event, fresh));
    const done = messages.filter(({ MessageId }) => !failed.includes(MessageId));
    for (let at = 0; at < done.length; at += AT_ONCE) {
      const Entries = done
        .slice(at, at + AT_ONCE)
        .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await sqs("DeleteMessageBatch", { Entries });
    }
    return { event, failed, error };
  };
}

async function outcome(
  event: Batch["event"],
  partial: boolean,
  invoke: () => Promise<unknown>,
): Promise<Omit<Batch, "event">> {
  const all = event.Records.map(({ messageId }) => messageId);
  try {
    const answer = (await invoke()) as { batchItemFailures?: { itemIdentifier: string }[] } | null;
    if (!partial) return { failed: [], error: undefined };
    const failed = (answer?.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier);
    // An id that is not in the batch makes Lambda fail all of it.
    return { failed: failed.every((id) => all.includes(id)) ? failed : all, error: undefined };
  } catch (error) {
    return { failed: all, error: error as Error };
  }
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
function record(
  { MessageId, ReceiptHandle, Body, MD5OfBody, Attributes }: Message,
  arn: string,
  region: string,
): SqsRecord {
  return {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    attributes: Attributes,
    messageAttributes: {},
    md5OfBody: MD5OfBody,
    eventSource: "aws:sqs",
    eventSourceARN: arn,
    awsRegion: region,
  } as SqsRecord;
}
