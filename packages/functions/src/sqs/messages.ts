import type { CollectMessage } from "@millrace/collector";

/** The part of an SQS event that is used. https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
export interface SqsEvent {
  readonly Records: readonly SqsRecord[];
}

export interface SqsRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: { readonly ApproximateReceiveCount: string };
}

/** What tells Lambda which messages to leave in the queue. An empty list: all were handled. */
export interface SqsBatchResponse {
  readonly batchItemFailures: { readonly itemIdentifier: string }[];
}

export function toMessages(event: SqsEvent): CollectMessage[] {
  return event.Records.map(({ messageId, body, attributes }) => ({
    id: messageId,
    body,
    receiveCount: Number(attributes.ApproximateReceiveCount),
  }));
}

/** An unknown or empty identifier would make Lambda retry the whole batch: only ids of this event are ever named. */
export function toResponse(event: SqsEvent, failed: readonly string[]): SqsBatchResponse {
  const known = new Set(event.Records.map(({ messageId }) => messageId));
  return { batchItemFailures: failed.filter((id) => known.has(id)).map((itemIdentifier) => ({ itemIdentifier })) };
}

/** Receipts of some of the event's messages. */
export function receiptsOf(event: SqsEvent, ids: readonly string[]): string[] {
  const wanted = new Set(ids);
  return event.Records.filter(({ messageId }) => wanted.has(messageId)).map(({ receiptHandle }) => receiptHandle);
}
