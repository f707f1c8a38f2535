import { createSqliteRegistry } from "@millrace/access";
import { onTestFinished, test } from "vitest";
import { deleteInMidIngest, scenarioClock } from "../../collector/test/deletion-scenario.ts";
import { testStore } from "./support.ts";

test("a visitor deleted in mid-ingest stays deleted through redelivery and replay, and the ledger balances: OpenSearch", async () => {
  const clock = scenarioClock();
  const registry = createSqliteRegistry({ path: ":memory:", clock });
  const store = testStore({ registry, clock });
  onTestFinished(async () => {
    await store.remove();
    await store.close();
    await registry.close();
  });
  await store.prepare();
  await deleteInMidIngest({ clock, registry, store, refresh: () => store.refresh() });
}, 60_000);
