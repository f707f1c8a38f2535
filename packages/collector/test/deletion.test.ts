import { createSqliteRegistry } from "@millrace/access";
import { createDuckDbStore } from "@millrace/store-duckdb";
import { onTestFinished, test } from "vitest";
import {
  deleteInMidIngest,
  deletePropertyInMidIngest,
  scenarioClock,
  type ScenarioParts,
} from "./deletion-scenario.ts";

async function openParts(): Promise<ScenarioParts> {
  const clock = scenarioClock();
  const registry = createSqliteRegistry({ path: ":memory:", clock });
  const store = await createDuckDbStore({ path: ":memory:", clock, threads: 1, runRows: 20 });
  onTestFinished(async () => {
    await store.close();
    await registry.close();
  });
  await store.prepare();
  return { clock, registry, store, refresh: async () => {} };
}

test("a visitor deleted in mid-ingest stays deleted through redelivery and replay, and the ledger balances: DuckDB", async () => {
  await deleteInMidIngest(await openParts());
});

test("a property deleted in mid-ingest stays deleted, and its name can be used again: DuckDB", async () => {
  await deletePropertyInMidIngest(await openParts());
});
