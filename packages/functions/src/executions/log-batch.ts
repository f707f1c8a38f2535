import { isObject } from "@millrace/core";
import type { LogLine } from "@millrace/ops";
import { gunzipSync } from "node:zlib";
import * as z from "zod";

/**
 * What CloudWatch Logs sends to a function that a group is subscribed to: gzip in base64.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
 */
export interface LogsEvent {
  readonly awslogs: { readonly data: string };
}

const BATCH = z.object({
  messageType: z.string(),
  logGroup: z.string(),
  logEvents: z.array(z.object({ timestamp: z.number(), message: z.string() })),
});

/** Beyond it a batch was made by nobody who writes logs: an event of Lambda's is 1 MB, and text shrinks to a tenth. */
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * The lines of one batch. Whose they are is the last part of the group's name, which is how both our groups and Lambda's own are named.
 * None of a message by which CloudWatch tries whether it may send.
 * @throws Error for what is no batch
 */
export function linesOfBatch({ awslogs }: LogsEvent): LogLine[] {
  const text = gunzipSync(Buffer.from(awslogs.data, "base64"), { maxOutputLength: MAX_BYTES }).toString();
  const batch = BATCH.parse(JSON.parse(text));
  if (batch.messageType !== "DATA_MESSAGE") return [];
  const name = batch.logGroup.split("/").at(-1) ?? "";
  return batch.logEvents.map(({ message, timestamp }) => ({ text: message.trim(), at: timestamp, function: name }));
}

/** True for what CloudWatch Logs sends. */
export function isLogsEvent(event: unknown): event is LogsEvent {
  return isObject(event) && isObject(event["awslogs"]) && typeof event["awslogs"]["data"] === "string";
}
