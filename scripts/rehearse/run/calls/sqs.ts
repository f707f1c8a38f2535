import { jsonOf, targetOf, textOf, UnknownCall, type Account, type Call, type Incoming } from "./call.ts";

/** Operation → permission. A batch needs the permission of the single one. */
const ACTIONS: Readonly<Record<string, string>> = {
  SendMessage: "SendMessage",
  SendMessageBatch: "SendMessage",
  ReceiveMessage: "ReceiveMessage",
  DeleteMessage: "DeleteMessage",
  DeleteMessageBatch: "DeleteMessage",
  ChangeMessageVisibility: "ChangeMessageVisibility",
  ChangeMessageVisibilityBatch: "ChangeMessageVisibility",
  GetQueueAttributes: "GetQueueAttributes",
};

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html */
export function sqsCall(request: Incoming, { id, region }: Account): Call {
  const operation = targetOf(request, "AmazonSQS");
  const action = ACTIONS[operation];
  if (action === undefined) throw new UnknownCall(`SQS's ${operation} is not known here.`);
  const [, account, queue] = new URL(textOf(jsonOf(request), "QueueUrl")).pathname.split("/");
  if (account !== id || !queue) throw new UnknownCall("The queue is not one of this account.");
  const needs = [{ action: `sqs:${action}`, resource: `arn:aws:sqs:${region}:${id}:${queue}`, context: {} }];
  return { service: "sqs", operation, needs, target: `queue/${queue}` };
}
