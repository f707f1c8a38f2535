import type { ReceivedMessage } from "@millrace/core";
import { createHash } from "node:crypto";

/** What the event-source mapping hands to a function. https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
export function sqsEvent(messages: readonly ReceivedMessage[]): object {
  return {
    Records: messages.map(({ id, receipt, body, group, receiveCount, sentAt }) => ({
      messageId: id,
      receiptHandle: receipt,
      body,
      attributes: {
        ApproximateReceiveCount: String(receiveCount),
        SentTimestamp: String(sentAt),
        SenderId: "AROAEXAMPLE:millrace-test-ingest",
        ApproximateFirstReceiveTimestamp: String(sentAt + 1),
        MessageGroupId: group,
      },
      messageAttributes: {},
      md5OfBody: createHash("md5").update(body).digest("hex"),
      eventSource: "aws:sqs",
      eventSourceARN: "arn:aws:sqs:us-east-1:123456789012:millrace-test-Events",
      awsRegion: "us-east-1",
    })),
  };
}

/** The answer by which a function leaves messages in the queue. */
export interface SqsBatchResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}
