import { createSqliteRegistry } from "@millrace/access";
import { createDuckDbStore } from "@millrace/store-duckdb";
import { onTestFinished, test } from "vitest";
import { deleteInMidIngest, scenarioClock } from "./deletion-scenario.ts";

test("a visitor deleted in mid-ingest stays deleted through redelivery and replay, and the ledger balances: DuckDB", async () => {
  const clock = scenarioClock();
  const registry = createSqliteRegistry({ path: ":memory:", clock });
  const store = await createDuckDbStore({ path: ":memory:", clock, threads: 1, runRows: 20 });
  onTestFinished(async () => {
    await store.close();
    await registry.close();
  });
  await store.prepare();
  await deleteInMidIngest({ clock, registry, store, refresh: async () => {} });
});
