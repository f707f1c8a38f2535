import { createHash } from "node:crypto";
import type { StoredExecution } from "@millrace/core";

export interface Sampling {
  /** Functions that run too often to keep every ordinary run. Default: `ingest`. */
  readonly busy?: readonly string[];
  /** Of the ordinary runs of those one in so many is kept, and stands for them. Default 100. */
  readonly oneIn?: number;
  /** From here on a run is slow and is kept. Milliseconds, default 1,000. */
  readonly slowMs?: number;
}

/**
 * The execution as it is kept, or undefined: failed, slow and cold runs always, ordinary ones of a busy function one in a hundred. Which ones
 * is said by the id alone, so that a line read again is decided alike.
 */
export function sampled(
  execution: StoredExecution,
  { busy = ["ingest"], oneIn = 100, slowMs = 1_000 }: Sampling = {},
): StoredExecution | undefined {
  const { status, cold, durationMs, id } = execution;
  if (!busy.includes(execution.function) || status !== "ok" || cold || durationMs >= slowMs) return execution;
  const draw = createHash("sha256").update(id).digest().readUInt32BE() % oneIn;
  return draw === 0 ? { ...execution, weight: oneIn } : undefined;
}
