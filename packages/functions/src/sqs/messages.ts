import type { ReceivedMessage } from "@millrace/core";

/** The part of an SQS event that is used. https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
export interface SqsEvent {
  readonly Records: readonly SqsRecord[];
}

interface SqsRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: {
    readonly ApproximateReceiveCount: string;
    readonly SentTimestamp: string;
    /** The project; missing when somebody sent a message by hand. */
    readonly MessageGroupId?: string;
  };
}

/** What tells Lambda which messages to leave in the queue. An empty list: all were handled. */
export interface SqsBatchResponse {
  readonly batchItemFailures: { readonly itemIdentifier: string }[];
}

export function toMessages(event: SqsEvent): ReceivedMessage[] {
  return event.Records.map(({ messageId, receiptHandle, body, attributes }) => ({
    id: messageId,
    receipt: receiptHandle,
    body,
    group: attributes.MessageGroupId ?? "",
    receiveCount: Number(attributes.ApproximateReceiveCount),
    sentAt: Number(attributes.SentTimestamp),
  }));
}

/** An unknown or empty identifier would make Lambda retry the whole batch: only ids of this event are ever named. */
export function toResponse(event: SqsEvent, failed: readonly string[]): SqsBatchResponse {
  const known = new Set(event.Records.map(({ messageId }) => messageId));
  return { batchItemFailures: failed.filter((id) => known.has(id)).map((itemIdentifier) => ({ itemIdentifier })) };
}
