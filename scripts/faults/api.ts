import { ask, call, insist } from "../product/api.ts";
import type { LedgerRow } from "./reconcile.ts";
import type { Tenant } from "./tenants.ts";

export interface LedgerAnswer {
  readonly result: readonly LedgerRow[];
  readonly balanced: boolean;
}

export async function readLedger(base: string, { project, masterKey }: Tenant): Promise<LedgerAnswer | undefined> {
  const reply = await call(`${base}/3.0/projects/${project}/ledger?timeframe=this_2_days`, {
    key: masterKey,
    timeoutMs: 60_000,
  });
  return reply !== "no answer" && reply.status === 200 ? (JSON.parse(reply.text) as LedgerAnswer) : undefined;
}

/** How many numbers are asked for at a time: far below what an extraction may hold, so that doubled events fit too. */
const CHUNK = 20_000;

/** The number of every event of a tenant's collection that the store has, each as often as it is there. */
export async function storedNumbers(base: string, tenant: Tenant, collection: string): Promise<number[]> {
  const numbers: number[] = [];
  for (let from = 0; from < tenant.book.made(); from += CHUNK) {
    const filter = (operator: string, property_value: number) => ({ property_name: "n", operator, property_value });
    const parameters = {
      event_collection: collection,
      property_names: "n",
      filters: [filter("gte", from), filter("lt", from + CHUNK)],
    };
    const events = await insist(
      `extraction of ${tenant.name}`,
      async () => (await ask(base, tenant, "extraction", parameters, 120_000)) as { n: number }[] | undefined,
      180_000,
    );
    for (const { n } of events) numbers.push(n);
  }
  return numbers;
}
