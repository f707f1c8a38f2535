import type { Clock, EventStore } from "@millrace/core";
import { createDuckDbStore } from "@millrace/store-duckdb";
import { join } from "node:path";
import type { LocalConfig } from "./config.ts";

/** The store that the configuration names, prepared, and its name for the first lines on the terminal. */
export interface OpenedStore {
  readonly store: EventStore;
  readonly name: string;
}

/** @throws Error saying what is wrong with the file or the server */
export async function openStore(config: LocalConfig, clock: Clock): Promise<OpenedStore> {
  const store = await createDuckDbStore({ path: join(config.dataFolder, "events.duckdb"), clock });
  await store.prepare();
  return { store, name: "DuckDB (embedded)" };
}
