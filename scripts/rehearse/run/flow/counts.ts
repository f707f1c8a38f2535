import type { CallName } from "@millrace/ops";
import type { Count } from "../gateway/meter.ts";

/** What AWS bills a call as; null: what is not billed by the call. */
const BILLED: Readonly<Record<string, CallName | null>> = {
  "cloudfront:request": "cloudfront:request",
  "cloudfront:function": "cloudfront:function",
  "cloudfront:key-value-read": "cloudfront:key-value-read",
  "apigateway:request": "apigateway:request",
  "sqs:SendMessage": "sqs:SendMessage",
  "sqs:ReceiveMessage": "sqs:ReceiveMessage",
  "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
  "dynamodb:GetItem": "dynamodb:read",
  "dynamodb:Query": "dynamodb:read",
  "dynamodb:PutItem": "dynamodb:write",
  "dynamodb:UpdateItem": "dynamodb:write",
  "dynamodb:DeleteItem": "dynamodb:write",
  "s3:PutObject": "s3:PutObject",
  "es:ESHttpPost": "es:bulk",
  // Lambda's own, by which it decides how many pollers it needs.
  "sqs:GetQueueAttributes": null,
};

/** What SQS bills as one request. */
const SQS_STEP_BYTES = 65_536;

/**
 * Counted calls in the units of the bill.
 * @param calls by `ACTOR SERVICE:OPERATION`
 * @param invocations of each function
 * @throws Error for a call that nobody has thought of
 */
export function billedCalls(
  calls: ReadonlyMap<string, Count>,
  invocations: ReadonlyMap<string, number>,
): Map<CallName, number> {
  const billed = new Map<CallName, number>();
  const add = (name: CallName, count: number) => void billed.set(name, (billed.get(name) ?? 0) + count);
  for (const [key, count] of calls) {
    const [actor, operation = ""] = key.split(" ");
    // A search is not billed, and no part of the model: the domain's nodes are.
    const name = actor !== "collector" && operation.startsWith("es:") ? null : BILLED[operation];
    if (name === undefined) throw new Error(`The model of the bill does not know of ${key}.`);
    // A mean: the messages of one load are alike.
    const steps = name === "sqs:SendMessage" ? Math.ceil(count.bytesIn / count.calls / SQS_STEP_BYTES) : 1;
    if (name !== null) add(name, count.calls * steps);
  }
  for (const count of invocations.values()) add("lambda:invoke", count);
  return billed;
}

/** How far a count may be from the model. */
const TOLERANCE = 0.05;

/**
 * Where counts and model differ by more than a twentieth, a line for each.
 * @param clocked for calls that are made by the clock and not by the event: how many more or fewer may fall into the load
 */
export function differences(
  counted: ReadonlyMap<CallName, number>,
  model: ReadonlyMap<CallName, number>,
  clocked: Readonly<Partial<Record<CallName, number>>>,
): string[] {
  const names = [...new Set([...counted.keys(), ...model.keys()])];
  return names.flatMap((name) => {
    const [seen, expected] = [counted.get(name) ?? 0, model.get(name) ?? 0];
    const most = Math.max(expected * TOLERANCE, clocked[name] ?? 0);
    return Math.abs(seen - expected) <= most ? [] : [`${name}: ${seen} were counted, the model has ${expected}`];
  });
}
