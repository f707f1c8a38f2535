import { runInExecution, type Execution, type Span } from "@millrace/core/execution";
import { randomUUID } from "node:crypto";
import { writeExecutionLine } from "./line.ts";
import { memoryReader } from "./memory.ts";
import {
  MAX_LABELS,
  MAX_LABEL_CHARS,
  MAX_METRICS,
  MAX_SPANS,
  TIMEOUT,
  type ExecutionError,
  type ExecutionRecord,
  type LabelValue,
  type SourceSummary,
} from "./record.ts";
import { describeError, fingerprintOf } from "./scrub.ts";

export interface ExecutionsOptions {
  /** Name of the function or of the local part: `ingest`, `collector`, … */
  readonly function: string;
  /** Milliseconds UTC. Default: the system's. */
  readonly clock?: { now(): number };
  /** Makes an id for a run that the platform gave none. Default: a random UUID. */
  readonly newId?: () => string;
  /** Where finished records go. Default: one JSON line on standard output. A sink that throws never harms the work. */
  readonly sink?: (record: ExecutionRecord) => void;
  /** What the function may use at most, in MiB (AWS_LAMBDA_FUNCTION_MEMORY_SIZE); default: no limit known. */
  readonly memoryLimitMb?: number;
}

export interface RunExecutionOptions {
  /** The platform's id of this run. Default: a minted one. */
  readonly requestId?: string;
  /**
   * Milliseconds until the platform ends this process. Shortly before, the run is recorded as timed out, with the calls that were still
   * open: afterwards nobody could. A run that ends in time after all replaces that record. Default: no end is known.
   */
  readonly leftMs?: number;
  /** W3C's header of whoever set it off, as it came: the run continues that trace. */
  readonly traceparent?: string | undefined;
}

/** More than any version of it has; a caller may send what it likes. */
const MAX_TRACEPARENT_CHARS = 128;

/** How long before its end a run is recorded as timed out: a line is written in less than one millisecond, a busy process needs more. */
const BEFORE_THE_END_MS = 150;

export interface Executions {
  /**
   * Runs `work` as one execution and writes its record when it ends, also when it throws; the result and the error pass
   * unchanged. `source` is read at the end, so work may complete it (a route, a number of events).
   */
  run<T>(source: SourceSummary, work: (execution: Execution) => Promise<T>, options?: RunExecutionOptions): Promise<T>;
}

/** The executions of one process; the first run of each is its cold start. */
export function createExecutions(options: ExecutionsOptions): Executions {
  const { clock = Date, newId = randomUUID, sink = writeExecutionLine } = options;
  const memory = memoryReader(options.memoryLimitMb);
  let cold = true;

  return {
    async run(source, work, { requestId, leftMs, traceparent } = {}) {
      const startedAt = clock.now();
      const running = startExecution(requestId ?? newId(), cold, traceparent?.slice(0, MAX_TRACEPARENT_CHARS));
      cold = false;
      const record = (error: ExecutionError | null) =>
        deliver(sink, () => ({
          id: running.execution.id,
          function: options.function,
          startedAt,
          coldStart: running.execution.coldStart,
          source,
          memory: memory(),
          ...(traceparent !== undefined && { traceparent: running.execution.traceparent }),
          error,
          ...running.soFar(),
        }));
      const timer = leftMs === undefined ? undefined : setTimeout(record, leftMs - BEFORE_THE_END_MS, OUT_OF_TIME);
      timer?.unref();
      try {
        const result = await runInExecution(running.execution, () => work(running.execution));
        record(null);
        return result;
      } catch (thrown) {
        record(describeError(thrown));
        throw thrown;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

const OUT_OF_TIME: ExecutionError = {
  name: TIMEOUT,
  message: "The time of this run was about to be over. A span without an end is what it waited for.",
  fingerprint: fingerprintOf([TIMEOUT]),
  stack: "",
  causes: [],
};

function startExecution(id: string, coldStart: boolean, traceparent: string | undefined) {
  const start = performance.now();
  const labels: Record<string, LabelValue> = {};
  const metrics: Record<string, number> = {};
  const spans: { -readonly [Key in keyof Span]: Span[Key] }[] = [];
  let labelCount = 0;
  let metricCount = 0;
  let droppedSpans = 0;
  const execution: Execution = {
    id,
    coldStart,
    ...(traceparent !== undefined && { traceparent }),
    label(name, value) {
      if (!Object.hasOwn(labels, name) && labelCount++ >= MAX_LABELS) return;
      labels[name] = typeof value === "string" ? value.slice(0, MAX_LABEL_CHARS) : value;
    },
    metric(name, value) {
      if (!Object.hasOwn(metrics, name) && metricCount++ >= MAX_METRICS) return;
      metrics[name] = (metrics[name] ?? 0) + value;
    },
    startSpan(name, attributes) {
      if (spans.length >= MAX_SPANS) {
        droppedSpans++;
        return { end: () => {} };
      }
      const startMs = performance.now() - start;
      const span = { name, startMs, durationMs: OPEN, ...(attributes && { attributes }) } as (typeof spans)[number];
      spans.push(span);
      return {
        end(error, more) {
          span.durationMs = performance.now() - start - startMs;
          if (error !== undefined) span.error = error;
          if (more) span.attributes = { ...span.attributes, ...more };
        },
      };
    },
  };
  /** What is known of the run now; calls that are still open have taken until now. */
  const soFar = () => {
    const durationMs = performance.now() - start;
    const closed = spans.map((span) =>
      span.durationMs === OPEN ? { ...span, durationMs: durationMs - span.startMs, error: UNFINISHED } : span,
    );
    return { durationMs, labels, metrics, spans: closed, droppedSpans };
  };
  return { execution, soFar };
}

const OPEN = -1;
/** The error of a call that nobody ended. */
const UNFINISHED = "unfinished";

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
