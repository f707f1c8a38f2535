import { runInExecution, type Clock, type Execution, type Span } from "@millrace/core";
import { writeExecutionLine } from "./line.ts";
import { memoryReader } from "./memory.ts";
import {
  MAX_LABELS,
  MAX_LABEL_CHARS,
  MAX_SPANS,
  type ExecutionRecord,
  type LabelValue,
  type SourceSummary,
} from "./record.ts";
import { describeError } from "./scrub.ts";

export interface ExecutionsOptions {
  /** Name of the function or of the local part: `ingest`, `collector`, … */
  readonly function: string;
  readonly clock: Clock;
  /** Makes an id for a run that the platform gave none. */
  readonly newId: () => string;
  /** Where finished records go. Default: one JSON line on standard output. A sink that throws never harms the work. */
  readonly sink?: (record: ExecutionRecord) => void;
  /** What the function may use at most, in MiB (AWS_LAMBDA_FUNCTION_MEMORY_SIZE); default: no limit known. */
  readonly memoryLimitMb?: number;
}

export interface RunExecutionOptions {
  /** The platform's id of this run. Default: a minted one. */
  readonly requestId?: string;
}

export interface Executions {
  /**
   * Runs `work` as one execution and writes its record when it ends, also when it throws; the result and the error pass
   * unchanged. `source` is read at the end, so work may complete it (a route, a number of events).
   */
  run<T>(source: SourceSummary, work: (execution: Execution) => Promise<T>, options?: RunExecutionOptions): Promise<T>;
}

/** The executions of one process; the first run of each is its cold start. */
export function createExecutions(options: ExecutionsOptions): Executions {
  const { clock, newId, sink = writeExecutionLine } = options;
  const memory = memoryReader(options.memoryLimitMb);
  let cold = true;

  return {
    async run(source, work, { requestId } = {}) {
      const running = startExecution(requestId ?? newId(), cold);
      cold = false;
      const startedAt = clock.now();
      const start = performance.now();
      let failure: { readonly thrown: unknown } | undefined;
      try {
        return await runInExecution(running.execution, () => work(running.execution));
      } catch (thrown) {
        failure = { thrown };
        throw thrown;
      } finally {
        const durationMs = performance.now() - start;
        deliver(sink, () => ({
          id: running.execution.id,
          function: options.function,
          startedAt,
          durationMs,
          coldStart: running.execution.coldStart,
          source,
          memory: memory(),
          labels: running.labels,
          spans: running.spans,
          droppedSpans: running.dropped(),
          error: failure ? describeError(failure.thrown) : null,
        }));
      }
    },
  };
}

function startExecution(id: string, coldStart: boolean) {
  const labels: Record<string, LabelValue> = {};
  const spans: Span[] = [];
  let labelCount = 0;
  let dropped = 0;
  const execution: Execution = {
    id,
    coldStart,
    label(name, value) {
      if (!Object.hasOwn(labels, name) && labelCount++ >= MAX_LABELS) return;
      labels[name] = typeof value === "string" ? value.slice(0, MAX_LABEL_CHARS) : value;
    },
    addSpan(span) {
      if (spans.length < MAX_SPANS) spans.push(span);
      else dropped++;
    },
  };
  return { execution, labels, spans, dropped: () => dropped };
}

/** Observing must never change what is observed: a full disk behind the log would otherwise fail every request. */
function deliver(sink: (record: ExecutionRecord) => void, record: () => ExecutionRecord): void {
  try {
    sink(record());
  } catch (thrown) {
    reportBrokenSink(thrown);
  }
}

function reportBrokenSink(thrown: unknown): void {
  try {
    const { name, message } = describeError(thrown);
    process.stderr.write(`${JSON.stringify({ type: "execution-sink-failed", "error.type": name, message })}\n`);
  } catch {
    // Standard error is gone too; there is nowhere left to say it.
  }
}
