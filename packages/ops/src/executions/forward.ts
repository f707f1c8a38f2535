import type { Executions, StoredExecution } from "@millrace/core";
import { executionOf, type LogLine } from "./from-log.ts";
import { sampled, type Sampling } from "./sample.ts";

/** Turns lines of a log into searchable executions. Safe to repeat: a line forwarded twice is the same execution. */
export type Forward = (lines: readonly LogLine[]) => Promise<{ readonly kept: number }>;

/** @throws what `executions.put` throws: then none counts as forwarded, and all come again */
export function createForwarder(executions: Pick<Executions, "put">, sampling: Sampling = {}): Forward {
  return async (lines) => {
    const kept = lines.flatMap((line): StoredExecution[] => {
      const execution = executionOf(line);
      const chosen = execution && sampled(execution, sampling);
      return chosen ? [chosen] : [];
    });
    if (kept.length > 0) await executions.put(kept);
    return { kept: kept.length };
  };
}
