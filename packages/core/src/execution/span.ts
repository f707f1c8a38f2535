import { AsyncLocalStorage } from "node:async_hooks";

/**
 * The running execution as deep code sees it: enough to time an external call. `monitor` makes executions and writes their record;
 * everything else only opens spans.
 */
export interface Execution {
  /** Request id on Lambda, a minted id locally. Stored events name it. */
  readonly id: string;
  readonly coldStart: boolean;
  /** W3C's header of the caller, as it came; absent: it had none. */
  readonly traceparent?: string;
  /** Adds a searchable fact. Short values; never personal data, keys or bodies. */
  label(name: string, value: string | number | boolean): void;
  /** Adds a number; several under one name are added up. */
  metric(name: string, value: number): void;
  /** Begins an external call. One that nobody ends is recorded as unfinished, with its time until the execution ended. */
  startSpan(name: string, attributes?: SpanAttributes): OpenSpan;
}

export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

export interface OpenSpan {
  /**
   * Ends it now. Called again (the head of an answer came, then its body) the last time counts.
   * @param error name of the error that ended it
   * @param attributes what is known only now
   */
  end(error?: string, attributes?: SpanAttributes): void;
}

/** One external call. Times in milliseconds from the start of the execution. */
export interface Span {
  /** System and operation, such as `sqs.send` or `duckdb.append`. */
  readonly name: string;
  readonly startMs: number;
  readonly durationMs: number;
  /** Name of the error that ended it, if one did. */
  readonly error?: string;
  readonly attributes?: SpanAttributes;
}

interface Running {
  readonly execution: Execution;
  /** This code runs inside a {@link span}. */
  readonly named: boolean;
}

const storage = new AsyncLocalStorage<Running>();

/** The execution this code runs in; undefined outside of one (tests, scripts). */
export function currentExecution(): Execution | undefined {
  return storage.getStore()?.execution;
}

/**
 * The execution that should time a call by itself: the current one, unless the call is inside a {@link span}, whose time it is already.
 * Counted twice, a run's calls would take longer than the run.
 */
export function unnamedExecution(): Execution | undefined {
  const running = storage.getStore();
  return running?.named ? undefined : running?.execution;
}

/** Runs `work` inside `execution`, so that {@link span} and {@link currentExecution} find it. */
export function runInExecution<T>(execution: Execution, work: () => T): T {
  return storage.run({ execution, named: false }, work);
}

/** Times one external call in the current execution; outside of one it only runs it. Never changes the result or the error. */
export async function span<T>(
  name: string,
  attributes: SpanAttributes | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const execution = currentExecution();
  if (!execution) return work();
  const call = execution.startSpan(name, attributes);
  try {
    const result = await storage.run({ execution, named: true }, work);
    call.end();
    return result;
  } catch (thrown) {
    call.end(thrown instanceof Error ? thrown.name : "unknown");
    throw thrown;
  }
}
