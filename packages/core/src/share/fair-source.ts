import type { EventSource, RunOptions } from "../store/port.ts";
import { createFairSlots } from "./fair-slots.ts";
import type { TimeShares } from "./time-shares.ts";

export interface FairSourceOptions {
  /** Questions that the store answers at the same time. */
  readonly atOnce: number;
  /** Longest wait for a turn, milliseconds. Default 20 s. */
  readonly waitMs?: number;
  /** The account of who used how much. Default: one for this store alone. */
  readonly time?: TimeShares;
}

/** A store without turns of its own, asked in turns: see fair-slots.ts. Tells each question's time. */
export function fairSource(source: EventSource, { atOnce, waitMs = 20_000, time }: FairSourceOptions): EventSource {
  const slots = createFairSlots(atOnce, time);
  const inTurn = async <T>(project: string, run: RunOptions | undefined, work: () => Promise<T>): Promise<T> => {
    const longest = Math.min(waitMs, run?.timeoutMs ?? waitMs);
    const release = await slots.acquire(run?.isHouse ? undefined : project, { signal: run?.signal, waitMs: longest });
    const startedAt = performance.now();
    try {
      return await work();
    } finally {
      run?.onEngineTime?.(performance.now() - startedAt);
      release();
    }
  };
  return {
    metric: (plan, run) => inTurn(plan.project, run, () => source.metric(plan, run)),
    extract: (plan, run) => inTurn(plan.project, run, () => source.extract(plan, run)),
    funnel: (plan, run) => inTurn(plan.project, run, () => source.funnel(plan, run)),
    orderedFunnel: (plan, run) => inTurn(plan.project, run, () => source.orderedFunnel(plan, run)),
    retention: (plan, run) => inTurn(plan.project, run, () => source.retention(plan, run)),
    paths: (plan, run) => inTurn(plan.project, run, () => source.paths(plan, run)),
    outcomes: (query, run) => inTurn(query.project, run, () => source.outcomes(query, run)),
  };
}
