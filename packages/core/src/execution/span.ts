import { AsyncLocalStorage } from "node:async_hooks";

/**
 * The running execution as deep code sees it: enough to time an external call. `ops` makes executions and writes their record
 *; everything else only opens spans.
 */
export interface Execution {
  /** Request id on Lambda, a minted id locally. Stored events name it. */
  readonly id: string;
  readonly coldStart: boolean;
  /** Adds a searchable fact. Short values; never personal data, keys or bodies. */
  label(name: string, value: string | number | boolean): void;
  /** Records one finished external call. */
  addSpan(span: Span): void;
}

/** One external call. Times in milliseconds from the start of the execution. */
export interface Span {
  /** System and operation, such as `sqs.send` or `duckdb.append`. */
  readonly name: string;
  readonly startMs: number;
  readonly durationMs: number;
  /** Name of the error that ended it, if one did. */
  readonly error?: string;
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
}

const storage = new AsyncLocalStorage<{ execution: Execution; startedAt: number }>();

/** The execution this code runs in; undefined outside of one (tests, scripts). */
export function currentExecution(): Execution | undefined {
  return storage.getStore()?.execution;
}

/** Runs `work` inside `execution`, so that {@link span} and {@link currentExecution} find it. */
export function runInExecution<T>(execution: Execution, work: () => T): T {
  return storage.run({ execution, startedAt: performance.now() }, work);
}

/** Times one external call in the current execution; outside of one it only runs it. Never changes the result or the error. */
export async function span<T>(name: string, attributes: Span["attributes"], work: () => Promise<T>): Promise<T> {
  const current = storage.getStore();
  if (!current) return work();
  const start = performance.now();
  let error: string | undefined;
  try {
    return await work();
  } catch (thrown) {
    error = thrown instanceof Error ? thrown.name : "unknown";
    throw thrown;
  } finally {
    current.execution.addSpan({
      name,
      startMs: start - current.startedAt,
      durationMs: performance.now() - start,
      ...(error !== undefined && { error }),
      ...(attributes && { attributes }),
    });
  }
}
