import { setTimeout as delay } from "node:timers/promises";
import { readLedger } from "./api.ts";
import { account } from "./reconcile.ts";
import type { Tenant } from "./tenants.ts";

const LOOK_EVERY_MS = 250;

/**
 * Waits until no more events of these projects are on their way than ordinarily: how long that took, milliseconds, or undefined when the
 * campaign was over before.
 * @param ordinary so many may be on their way while all is well
 */
export async function backlogGone(
  base: string,
  tenants: readonly Tenant[],
  ordinary: number,
  isOver: () => boolean,
): Promise<number | undefined> {
  const began = performance.now();
  while (!isOver()) {
    const ledgers = await Promise.all(tenants.map((tenant) => readLedger(base, tenant)));
    const waiting = ledgers.map((ledger) =>
      ledger === undefined
        ? Infinity
        : account(ledger.result).unequal.reduce((sum, { difference }) => sum + difference, 0),
    );
    if (waiting.reduce((sum, each) => sum + each, 0) <= ordinary) return performance.now() - began;
    await delay(LOOK_EVERY_MS);
  }
  return undefined;
}

/** One line for each kind of fault: how long after its end the backlog was gone. */
export function recoveryTable(seconds: ReadonlyMap<string, readonly number[]>): object[] {
  return [...seconds].map(([kind, each]) => {
    const sorted = each.toSorted((a, b) => a - b);
    return {
      fault: kind,
      times: sorted.length,
      "median s": sorted[Math.floor((sorted.length - 1) / 2)]?.toFixed(1),
      "longest s": sorted.at(-1)?.toFixed(1),
    };
  });
}
