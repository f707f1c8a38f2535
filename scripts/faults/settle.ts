import { setTimeout as delay } from "node:timers/promises";
import { readLedger } from "./api.ts";
import { account } from "./reconcile.ts";
import type { Tenant } from "./tenants.ts";

/** Everything that was accepted has to have ended by then: far beyond the back-off of a message that failed often. */
const WITHIN_MS = 600_000;

/**
 * Waits until the ledger of every project shows no event on its way. Returns at the time limit, too: what is missing then is for
 * the reconciliation to find.
 */
export async function settle(
  base: string,
  tenants: readonly Tenant[],
  say: (line: string) => void,
  isOver: () => boolean,
  withinMs = WITHIN_MS,
): Promise<void> {
  const until = Date.now() + withinMs;
  const open = new Set(tenants);
  for (let round = 0; open.size > 0 && Date.now() < until && !isOver(); round++) {
    let left = 0;
    for (const tenant of open) {
      const ledger = await readLedger(base, tenant);
      if (ledger === undefined) continue;
      const { unequal } = account(ledger.result);
      if (unequal.length === 0) open.delete(tenant);
      else left += unequal.reduce((sum, { difference }) => sum + difference, 0);
    }
    if (open.size === 0) return;
    if (round % 10 === 0) say(`settling: ${left} events of ${open.size} projects are on their way`);
    await delay(1_000);
  }
}
