import type { Executions } from "@millrace/core";
import type { OtlpExport } from "../otlp/export.ts";
import { executionOf, type LogLine } from "./from-log.ts";
import { sampled, type Sampling } from "./sample.ts";

/** Turns lines of a log into searchable executions. Safe to repeat: a line forwarded twice is the same execution. */
export type Forward = (lines: readonly LogLine[]) => Promise<{ readonly kept: number }>;

/**
 * @param traces gets every execution, also those that are not kept, once they are safe
 * @throws what `executions.put` throws: then none counts as forwarded, and all come again
 */
export function createForwarder(
  executions: Pick<Executions, "put">,
  sampling: Sampling = {},
  traces?: Pick<OtlpExport, "send">,
): Forward {
  return async (lines) => {
    const told = lines.map(executionOf).filter((execution) => execution !== undefined);
    const kept = told.map((each) => sampled(each, sampling)).filter((execution) => execution !== undefined);
    if (kept.length > 0) await executions.put(kept);
    await traces?.send(told);
    return { kept: kept.length };
  };
}
