import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { decodeEnvelope, MillraceError, span } from "@millrace/core";
import { setTimeout as delay } from "node:timers/promises";

const TRIES = 5;
const FIRST_WAIT_MS = 100;

/**
 * Sends up to ten messages again as they were, each in its project's group. SQS may take some and refuse others: those are tried
 * again, for a message that is left out here is an event that is lost.
 * @throws MillraceError `ServiceUnavailable` when one is refused five times
 */
export function createBatchSender(client: SQSClient, url: string): (bodies: readonly string[]) => Promise<void> {
  return async (bodies) => {
    let left = bodies.map((body, index) => ({ Id: String(index), MessageBody: body, MessageGroupId: groupOf(body) }));
    for (let attempt = 1; ; attempt++) {
      const { Failed = [] } = await span("sqs.send_batch", { "messaging.batch.message_count": left.length }, () =>
        client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries: left })),
      );
      if (Failed.length === 0) return;
      if (attempt === TRIES)
        throw new MillraceError("ServiceUnavailable", "The queue does not take all messages now.", {
          context: { refused: Failed.length, reason: Failed[0]?.Code },
        });
      left = left.filter(({ Id }) => Failed.some((failed) => failed.Id === Id));
      await delay(FIRST_WAIT_MS * 2 ** (attempt - 1));
    }
  };
}

/** The project of a message; those that nobody can read share one group, and end as dead letters as they did before. */
function groupOf(body: string): string {
  try {
    return decodeEnvelope(body).project;
  } catch {
    return "unreadable";
  }
}
