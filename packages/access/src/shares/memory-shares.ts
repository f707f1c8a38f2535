import { demandAllowance, refilled, type Allowance, type Budget, type Clock, type Shares } from "@millrace/core";
import { LRUCache } from "lru-cache";
import { ENGINE_MS_PER_MINUTE } from "./limits.ts";

const MOST = 100_000;

/**
 * The shares of one process. How many questions run at a time is the store's own rule there (its slots); this one keeps account
 * of the time they take.
 */
export function createMemoryShares({
  clock,
  perMinuteMs: ofAll = ENGINE_MS_PER_MINUTE,
}: {
  readonly clock: Clock;
  readonly perMinuteMs?: number;
}): Shares {
  const allowances = new LRUCache<string, Allowance>({ max: MOST });
  const budgetOf = (project: string, perMinuteMs: number): Budget => ({
    perMinuteMs,
    leftMs: refilled(allowances.get(project), clock.now(), perMinuteMs).leftMs,
  });
  return {
    enter: async (project, perMinuteMs = ofAll) => {
      const budget = budgetOf(project, perMinuteMs);
      demandAllowance(budget);
      return {
        budget,
        leave: async (engineMs) => {
          const now = refilled(allowances.get(project), clock.now(), perMinuteMs);
          allowances.set(project, { ...now, leftMs: now.leftMs - engineMs });
          return budgetOf(project, perMinuteMs);
        },
      };
    },
  };
}
