import { isObject } from "@millrace/core";
import { label } from "@millrace/monitor";
import type { Forward } from "@millrace/ops";
import { isOpsQuestion, type OpsAnswer, type OpsQuestion } from "../http/ask-routes.ts";
import type { SqsBatchResponse, SqsEvent } from "../sqs/messages.ts";
import { isLogsEvent, linesOfBatch, type LogsEvent } from "./log-batch.ts";

export interface ExecutionsParts {
  readonly forward: Forward;
  readonly ask: (question: OpsQuestion) => Promise<OpsAnswer>;
}

/**
 * A batch of lines from CloudWatch Logs; batches that failed before, from the queue where Lambda leaves them; or `{"ops":"executions?since=1h"}` by
 * `aws lambda invoke`, which is a question.
 * @throws what the store throws: the batch comes again. Error for an event that is none of these
 */
export async function answerExecutions(
  { forward, ask }: ExecutionsParts,
  event: unknown,
): Promise<SqsBatchResponse | OpsAnswer | void> {
  if (isLogsEvent(event)) return keep(forward, event);
  if (isQueueEvent(event)) return keepLate(forward, event);
  if (isOpsQuestion(event)) return ask(event);
  throw new Error("The event is neither a batch of CloudWatch Logs, nor a queue's, nor a question.");
}

async function keep(forward: Forward, event: LogsEvent): Promise<void> {
  const lines = linesOfBatch(event);
  label("log.lines", lines.length);
  label("executions.kept", (await forward(lines)).kept);
}

/**
 * Batches that could not be kept while the store was away. What is none (nobody else may write there) is said and let go: it would come
 * again for two weeks.
 * @throws the last failure when not one could be kept, so that Lambda asks less often
 */
async function keepLate(forward: Forward, { Records }: SqsEvent): Promise<SqsBatchResponse> {
  const batchItemFailures: { itemIdentifier: string }[] = [];
  let failure: unknown;
  for (const { messageId, body } of Records) {
    const batch = lateBatchOf(body);
    if (!batch) {
      console.error(`The message ${messageId} holds no batch of CloudWatch Logs.`);
      continue;
    }
    try {
      await keep(forward, batch);
    } catch (error) {
      failure = error;
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  label("batches.late", Records.length);
  if (failure !== undefined && batchItemFailures.length === Records.length) throw failure;
  return { batchItemFailures };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
function lateBatchOf(body: string): LogsEvent | undefined {
  try {
    const record: unknown = JSON.parse(body);
    const payload = isObject(record) ? record["requestPayload"] : undefined;
    return isLogsEvent(payload) ? payload : undefined;
  } catch {
    return undefined;
  }
}

function isQueueEvent(event: unknown): event is SqsEvent {
  return isObject(event) && Array.isArray(event["Records"]);
}
