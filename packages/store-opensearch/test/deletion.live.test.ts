import { createSqliteRegistry } from "@millrace/access";
import { onTestFinished, test } from "vitest";
import {
  deleteInMidIngest,
  deletePropertyInMidIngest,
  scenarioClock,
  type ScenarioParts,
} from "../../collector/test/deletion-scenario.ts";
import { testStore } from "./support.ts";

async function openParts(): Promise<ScenarioParts> {
  const clock = scenarioClock();
  const registry = createSqliteRegistry({ path: ":memory:", clock });
  const store = testStore({ registry, clock });
  onTestFinished(async () => {
    await store.remove();
    await store.close();
    await registry.close();
  });
  await store.prepare();
  return { clock, registry, store, refresh: () => store.refresh() };
}

test("a visitor deleted in mid-ingest stays deleted through redelivery and replay, and the ledger balances: OpenSearch", async () => {
  await deleteInMidIngest(await openParts());
});

test("a property deleted in mid-ingest stays deleted, and its name can be used again: OpenSearch", async () => {
  await deletePropertyInMidIngest(await openParts());
});
