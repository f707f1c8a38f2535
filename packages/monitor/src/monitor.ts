import { currentExecution } from "@millrace/core/execution";
import { watchCalls } from "./calls.ts";
import { createExecutions, type Executions } from "./execution.ts";
import type { ExecutionRecord, LabelValue, SourceSummary } from "./record.ts";
import { sourceOf } from "./source.ts";

/** What is read of Lambda's context. */
export interface InvocationContext {
  readonly awsRequestId?: string;
  getRemainingTimeInMillis?(): number;
}

export interface MonitorOptions<Event> {
  /** Default: the function's name on Lambda. */
  readonly name?: string;
  /** Facts that every execution of this function has: its team, its version. */
  readonly labels?: Readonly<Record<string, LabelValue>>;
  /** What set it off. Default: read from the event ({@link sourceOf}). */
  readonly source?: (event: Event) => SourceSummary;
  /** Where finished records go. Default: one JSON line on standard output, which is the function's log. */
  readonly sink?: (record: ExecutionRecord) => void;
}

/**
 * Wraps the handler of any Lambda function: each invocation writes one JSON line to the function's log, with duration, memory, cold
 * start, what set it off, labels, metrics, a span for each outgoing call, and the error if it failed. The result and the error pass
 * unchanged; nothing is sent anywhere, so nothing that is down can be in the way.
 *
 * `export const handler = monitor(async (event, context) => { … }, { labels: { team: "billing" } });`
 */
export function monitor<Event, Context extends InvocationContext, Result>(
  handler: (event: Event, context: Context) => Result | Promise<Result>,
  options: MonitorOptions<Event> = {},
): (event: Event, context: Context) => Promise<Result> {
  const executions = lambdaExecutions(options.name, options.sink);
  const labels = Object.entries(options.labels ?? {});
  const { source = (event: Event) => sourceOf(event, Date.now()) } = options;
  return async (event, context) => {
    const answer: { result?: { readonly of: Result } } = {};
    try {
      return await executions.run(
        source(event),
        async (execution) => {
          for (const [name, value] of labels) execution.label(name, value);
          const result = await handler(event, context);
          const status = statusOf(result);
          if (status !== undefined) execution.label("http.response.status_code", status);
          const failed = failedMessagesOf(result);
          if (failed !== undefined) execution.label("messages.failed", failed);
          if (status === undefined || status < 500) return result;
          // The handler has answered; throwing is only how the execution learns that it failed.
          answer.result = { of: result };
          throw new ServerError(status);
        },
        { ...invocationOf(context), traceparent: traceparentOf(event) },
      );
    } catch (thrown) {
      if (answer.result) return answer.result.of;
      throw thrown;
    }
  };
}

/** What the record of a run says that answered its client with a failure of its own. */
class ServerError extends Error {
  override readonly name = "ServerError";
  constructor(status: number) {
    super(`The answer was ${status}.`);
  }
}

/**
 * The executions of a Lambda function, for whoever begins them by hand: its name and memory are read from Lambda's environment, and
 * every outgoing call is a span.
 */
export function lambdaExecutions(name?: string, sink?: (record: ExecutionRecord) => void): Executions {
  watchCalls();
  const { AWS_LAMBDA_FUNCTION_NAME = "function", AWS_LAMBDA_FUNCTION_MEMORY_SIZE } = process.env;
  const limit = Number(AWS_LAMBDA_FUNCTION_MEMORY_SIZE);
  return createExecutions({
    function: name ?? AWS_LAMBDA_FUNCTION_NAME,
    ...(limit > 0 && { memoryLimitMb: limit }),
    ...(sink && { sink }),
  });
}

/** What Lambda knows of a run: its id, and when it ends. */
export function invocationOf(context: InvocationContext | undefined): { requestId?: string; leftMs?: number } {
  const leftMs = context?.getRemainingTimeInMillis?.();
  return {
    ...(context?.awsRequestId !== undefined && { requestId: context.awsRequestId }),
    ...(leftMs !== undefined && { leftMs }),
  };
}

/** The trace of a caller over HTTP. */
function traceparentOf(event: unknown): string | undefined {
  const headers =
    typeof event === "object" && event !== null && "headers" in event ? (event.headers as object | null) : null;
  // REST APIs hand names over as they were written.
  const found = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === "traceparent")?.[1];
  return typeof found === "string" ? found : undefined;
}

/** Adds a searchable fact to the running execution. Short values; never personal data, keys or bodies. */
export function label(name: string, value: LabelValue): void {
  currentExecution()?.label(name, value);
}

/** Adds a number to the running execution; several under one name are added up. */
export function metric(name: string, value: number): void {
  currentExecution()?.metric(name, value);
}

/** The status of an answer to API Gateway. */
function statusOf(result: unknown): number | undefined {
  const status =
    typeof result === "object" && result !== null && "statusCode" in result ? result.statusCode : undefined;
  return typeof status === "number" ? status : undefined;
}

/** How many messages an answer to SQS or to a stream gives back. */
function failedMessagesOf(result: unknown): number | undefined {
  const failed =
    typeof result === "object" && result !== null && "batchItemFailures" in result && result.batchItemFailures;
  return Array.isArray(failed) ? failed.length : undefined;
}
