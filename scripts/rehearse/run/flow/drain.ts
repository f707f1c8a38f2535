import type { Batch } from "../platform/mapping.ts";
import type { Stage } from "../platform/stage.ts";

/**
 * Hands everything that waits to the collector.
 * @returns the batches
 * @throws Error when the collector failed, or gave something back
 */
export async function drain(stage: Pick<Stage, "deliver" | "functions">): Promise<Batch[]> {
  const batches: Batch[] = [];
  for (;;) {
    const batch = await stage.deliver();
    if (!batch) return batches;
    batches.push(batch);
    if (batch.error || batch.failed.length > 0)
      throw new Error(
        `The collector gave ${batch.failed.length} messages back${batch.error ? `: ${batch.error.message}` : ""}.\n` +
          stage.functions.log("collector").slice(-3_000),
      );
  }
}
